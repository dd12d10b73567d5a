package io.vimap.boot.actuate.endpoint;

import java.util.LinkedHashMap;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.vimap.boot.NoSuchProcessPoolException;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.ExitDescriptor;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.PoolDescriptor;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.PoolSummaryDescriptor;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.PoolsDescriptor;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.WorkerDescriptor;
import io.vimap.boot.actuate.endpoint.VimapDescriptors.WorkerDetailsDescriptor;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * {@link Endpoint @Endpoint} to look at pools and to act on them. Acting must be granted
 * with {@code management.endpoint.vimap.access=unrestricted}.
 */
@Endpoint(id = "vimap", defaultAccess = Access.READ_ONLY)
public class VimapEndpoint {

	private static final long THREAD_DUMP_SECONDS = 5;

	private final ProcessPools pools;

	/**
	 * Creates an endpoint.
	 * @param pools the pools to show
	 */
	public VimapEndpoint(ProcessPools pools) {
		this.pools = pools;
	}

	/**
	 * Shows all pools in short.
	 * @return the pools
	 */
	@ReadOperation
	public PoolsDescriptor pools() {
		Map<String, PoolSummaryDescriptor> summaries = new LinkedHashMap<>();
		for (String name : this.pools.names()) {
			ProcessPool<?, ?> pool = find(name);
			if (pool != null) {
				summaries.put(name, PoolSummaryDescriptor.of(pool.stats()));
			}
		}
		return new PoolsDescriptor(summaries);
	}

	/**
	 * Shows one pool with its workers and their last exits.
	 * @param pool the pool's name
	 * @return the pool, or {@code null} if there is no such pool
	 */
	@ReadOperation
	public @Nullable PoolDescriptor pool(@Selector String pool) {
		ProcessPool<?, ?> found = find(pool);
		return (found != null) ? PoolDescriptor.of(pool, found.stats()) : null;
	}

	/**
	 * Shows one worker, with a thread dump taken at this moment. Of a seat that no
	 * process has now, because the next is not started yet or the pool has failed or is
	 * stopped, it shows how the last ones ended.
	 * @param pool the pool's name
	 * @param worker the worker's seat
	 * @return the worker, or {@code null} if there is no such pool or worker
	 */
	@ReadOperation
	public @Nullable WorkerDetailsDescriptor worker(@Selector String pool, @Selector int worker) {
		ProcessPool<?, ?> found = find(pool);
		PoolStats stats = (found != null) ? found.stats() : null;
		if (found == null || stats == null) {
			return null;
		}
		WorkerInfo info = find(stats, worker);
		if (info == null && (worker < 0 || worker >= stats.size())) {
			return null;
		}
		List<ExitDescriptor> exits = ExitDescriptor
			.newestFirst(stats.exits().stream().filter((exit) -> exit.index() == worker).toList());
		return (info != null) ? new WorkerDetailsDescriptor(WorkerDescriptor.of(info), exits, threadDump(found, worker))
				: new WorkerDetailsDescriptor(null, exits, null);
	}

	/**
	 * Acts on a pool.
	 * @param pool the pool's name
	 * @param action what to do
	 * @param size the new size, for {@link PoolAction#RESIZE} only
	 * @return the pool after that, or {@code null} if there is no such pool
	 * @throws PoolClosedException if the pool has been stopped, or is being stopped
	 */
	@WriteOperation
	public @Nullable PoolDescriptor changePool(@Selector String pool, PoolAction action, @Nullable Integer size) {
		ProcessPool<?, ?> found = findToChange(pool, PoolState.STOPPING, PoolState.TERMINATED);
		if (found == null) {
			return null;
		}
		switch (action) {
			case RECYCLE -> found.recycle();
			case PAUSE -> found.pause();
			case RESUME -> found.resume();
			case RESIZE -> resize(found, size);
		}
		return PoolDescriptor.of(pool, found.stats());
	}

	/**
	 * Acts on a worker.
	 * @param pool the pool's name
	 * @param worker the worker's seat
	 * @param action what to do
	 * @return the pool after that, or {@code null} if there is no such pool or worker
	 * @throws PoolClosedException if the pool has been stopped
	 */
	@WriteOperation
	public @Nullable PoolDescriptor changeWorker(@Selector String pool, @Selector int worker, WorkerAction action) {
		// While the pool is being stopped, a worker that does not end may be killed.
		ProcessPool<?, ?> found = findToChange(pool, PoolState.TERMINATED);
		if (found == null || find(found.stats(), worker) == null) {
			return null;
		}
		try {
			switch (action) {
				case RECYCLE -> found.recycle(worker);
				case KILL -> found.kill(worker);
			}
		}
		catch (IllegalArgumentException ex) {
			// It finishes its last tasks and has no seat any more, or has ended by now.
			return null;
		}
		return PoolDescriptor.of(pool, found.stats());
	}

	private static void resize(ProcessPool<?, ?> pool, @Nullable Integer size) {
		if (size == null || size < 1 || size > PoolOptions.MOST_PROCESSES) {
			throw invalidSize(size);
		}
		pool.resize(size);
	}

	static InvalidEndpointRequestException invalidSize(@Nullable Object size) {
		return invalid("size", "a whole number from 1 to " + PoolOptions.MOST_PROCESSES, size);
	}

	static InvalidEndpointRequestException invalid(String parameter, String allowed, @Nullable Object value) {
		String reason = "'" + parameter + "' must be " + allowed
				+ ((value != null) ? ", not '" + value + "'" : ", and is missing");
		return new InvalidEndpointRequestException(reason, reason);
	}

	private static @Nullable String threadDump(ProcessPool<?, ?> pool, int worker) {
		try {
			return pool.threadDump(worker).orTimeout(THREAD_DUMP_SECONDS, TimeUnit.SECONDS).join();
		}
		catch (CompletionException | IllegalArgumentException | IllegalStateException ex) {
			// It has ended meanwhile, or is in no state to answer: the rest is still
			// worth showing.
			return null;
		}
	}

	/** In some states a pool would take no notice of what it is told to do. */
	private @Nullable ProcessPool<?, ?> findToChange(String pool, PoolState... refused) {
		ProcessPool<?, ?> found = find(pool);
		if (found == null) {
			return null;
		}
		PoolState state = found.state();
		if (Arrays.asList(refused).contains(state)) {
			throw new PoolClosedException(pool,
					"pool '" + pool + ((state == PoolState.STOPPING) ? "' is being stopped" : "' has been stopped"));
		}
		return found;
	}

	private @Nullable ProcessPool<?, ?> find(String pool) {
		try {
			ProcessPool<?, ?> found = this.pools.get(pool);
			// A mock that stands for the pool in a test has none.
			return (found.stats() != null) ? found : null;
		}
		catch (NoSuchProcessPoolException ex) {
			return null;
		}
	}

	private static @Nullable WorkerInfo find(PoolStats stats, int worker) {
		return stats.workers().stream().filter((info) -> info.index() == worker).findFirst().orElse(null);
	}

	/**
	 * What can be done to a pool.
	 */
	public enum PoolAction {

		/** Replace all processes, one after the other. */
		RECYCLE,

		/** Begin no new tasks. */
		PAUSE,

		/** End a pause, or start again after a failure. */
		RESUME,

		/** Change the number of processes. */
		RESIZE

	}

	/**
	 * What can be done to a worker.
	 */
	public enum WorkerAction {

		/** Replace the process; its successor is ready before it retires. */
		RECYCLE,

		/** Kill the process at once. */
		KILL

	}

}
