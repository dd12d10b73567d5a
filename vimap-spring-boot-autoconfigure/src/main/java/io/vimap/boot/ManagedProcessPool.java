package io.vimap.boot;

import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.vimap.pool.Imap;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.SharedFile;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerStartException;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * A pool that starts and stops with its application context: after all beans have been
 * created but before the web server, the schedulers and the message listeners, and it
 * stops after them. It can be started again after it was stopped; each time all of its
 * processes are new.
 * <p>
 * Between a stop and the next start, and before the first start, it takes no tasks:
 * callers get a {@link PoolClosedException}.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class ManagedProcessPool<I extends @Nullable Object, O extends @Nullable Object>
		implements ProcessPool<I, O>, SmartLifecycle {

	/**
	 * The phase of pools: they start before executors and schedulers, web servers and
	 * listeners, and stop after all of them.
	 */
	public static final int PHASE = Integer.MAX_VALUE / 2 - 1024;

	private final ProcessPoolDefinition<I, O> definition;

	private final Object monitor = new Object();

	/** Guarded by the monitor. What was sent to earlier engines is sent to a new one. */
	private final Map<String, String> signals = new LinkedHashMap<>();

	/** Written under the monitor. Stays after a stop, for its statistics. */
	private volatile @Nullable Run<I, O> run;

	/**
	 * Creates a pool that has not been started.
	 * @param definition how it is made
	 */
	public ManagedProcessPool(ProcessPoolDefinition<I, O> definition) {
		this.definition = definition;
	}

	/**
	 * Returns how this pool is made.
	 * @return the definition
	 */
	public ProcessPoolDefinition<I, O> definition() {
		return this.definition;
	}

	@Override
	public String name() {
		return this.definition.name();
	}

	/**
	 * Forks the processes and returns without waiting for them. Has no effect on a pool
	 * that has been started and not stopped.
	 */
	@Override
	public void start() {
		synchronized (this.monitor) {
			Run<I, O> previous = this.run;
			if (previous != null) {
				if (!isEnding(previous.engine())) {
					return;
				}
				// A stop may still be under way; two engines must not live at once.
				previous.engine().close();
			}
			ProcessPool<I, O> next = this.definition.engine().get();
			this.signals.forEach(next::signal);
			this.run = new Run<>(next, (previous != null) ? previous.totals() : StatsTotals.NONE);
		}
	}

	/**
	 * Waits until all processes are ready, as long as starting them may take.
	 * @throws WorkerStartException if they are not ready in time
	 * @throws io.vimap.pool.PoolFailedException if they can't be started
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	public void awaitStarted() throws InterruptedException {
		Duration limit = this.definition.startLimit();
		if (awaitReady(limit)) {
			return;
		}
		PoolStats stats = stats();
		List<WorkerExit> exits = stats.exits();
		if (!exits.isEmpty()) {
			throw new WorkerStartException(exits.get(exits.size() - 1));
		}
		throw new WorkerStartException(name(), "only " + stats.ready() + " of " + stats.size() + " workers of pool '"
				+ name() + "' were ready within " + limit.toSeconds() + " s (start-timeout and init-timeout)");
	}

	@Override
	public void stop() {
		ProcessPool<I, O> current = engine();
		if (current != null) {
			current.close();
		}
	}

	@Override
	public void stop(Runnable callback) {
		if (isOwnThread()) {
			// A listener closes the application context. Waiting for another thread here
			// would be waiting for itself.
			stop();
			callback.run();
			return;
		}
		// On a thread of its own, so that all pools of the context drain at once.
		Thread thread = new Thread(() -> {
			try {
				stop();
			}
			finally {
				callback.run();
			}
		}, "vimap-stop-" + name());
		thread.start();
	}

	@Override
	public boolean isRunning() {
		ProcessPool<I, O> current = engine();
		return current != null && current.state() != PoolState.TERMINATED;
	}

	@Override
	public boolean isAutoStartup() {
		return this.definition.autoStart();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public Imap<I, O> imap(Iterable<? extends I> inputs) {
		return started().imap(inputs);
	}

	@Override
	public Imap<I, O> imap(Iterator<? extends I> inputs) {
		return started().imap(inputs);
	}

	@Override
	public Imap<I, O> imap(Stream<? extends I> inputs) {
		return started().imap(inputs);
	}

	@Override
	public CompletableFuture<O> submit(I input) {
		ProcessPool<I, O> current = engine();
		return (current != null) ? current.submit(input) : CompletableFuture.failedFuture(notStarted());
	}

	@Override
	public boolean awaitReady(Duration timeout) throws InterruptedException {
		return started().awaitReady(timeout);
	}

	@Override
	public PoolState state() {
		ProcessPool<I, O> current = engine();
		return (current != null) ? current.state() : PoolState.NEW;
	}

	@Override
	public PoolStats stats() {
		Run<I, O> current = this.run;
		return (current != null) ? current.stats() : new PoolStats(name(), PoolState.NEW, false,
				this.definition.processes(), 0, 0, 0, 0, 0, 0, 0, Map.of(), 0, 0, List.of(), List.of());
	}

	@Override
	public void resize(int processes) {
		started().resize(processes);
	}

	@Override
	public void recycle() {
		started().recycle();
	}

	@Override
	public void recycle(int index) {
		started().recycle(index);
	}

	@Override
	public void kill(int index) {
		started().kill(index);
	}

	@Override
	public void pause() {
		started().pause();
	}

	@Override
	public void resume() {
		started().resume();
	}

	@Override
	public CompletableFuture<String> threadDump(int index) {
		return started().threadDump(index);
	}

	@Override
	public SharedFile share(InputStream content) {
		return started().share(content);
	}

	@Override
	public void signal(String topic, String message) {
		synchronized (this.monitor) {
			this.signals.put(topic, message);
			ProcessPool<I, O> current = engine();
			if (current != null && !isEnding(current)) {
				current.signal(topic, message);
			}
		}
	}

	@Override
	public boolean isOwnThread() {
		ProcessPool<I, O> current = engine();
		return current != null && current.isOwnThread();
	}

	/**
	 * Stops the pool, as {@link #stop()} does.
	 */
	@Override
	public void close() {
		stop();
	}

	private @Nullable ProcessPool<I, O> engine() {
		Run<I, O> current = this.run;
		return (current != null) ? current.engine() : null;
	}

	private ProcessPool<I, O> started() {
		ProcessPool<I, O> current = engine();
		if (current == null) {
			throw notStarted();
		}
		return current;
	}

	private PoolClosedException notStarted() {
		return new PoolClosedException(name(), "pool '" + name() + "' has not been started yet: pools start when all "
				+ "beans have been created, or with start() if auto-start is false");
	}

	private static boolean isEnding(ProcessPool<?, ?> engine) {
		PoolState state = engine.state();
		return state == PoolState.STOPPING || state == PoolState.TERMINATED;
	}

	@Override
	public String toString() {
		return "ManagedProcessPool[" + name() + ", " + state() + "]";
	}

	/**
	 * One engine, and what those before it have counted. Whoever sees one sees the other:
	 * an engine that has been replaced is counted once.
	 */
	private record Run<I extends @Nullable Object, O extends @Nullable Object>(ProcessPool<I, O> engine,
			StatsTotals earlier) {

		PoolStats stats() {
			return this.earlier.addTo(this.engine.stats());
		}

		StatsTotals totals() {
			return this.earlier.plus(this.engine.stats());
		}

	}

}
