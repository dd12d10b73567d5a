package io.vimap.testing;

import java.util.List;

import io.vimap.Vimap;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * Pools that run their workers in this JVM, on the caller's thread, through the same
 * codecs as between processes: breakpoints stop in the worker, a test takes no time to
 * start, and what could not travel to a child fails here too. The same as
 * {@code mode: serial}.
 */
public final class SerialPools {

	private SerialPools() {
	}

	/**
	 * Makes a pool of one worker.
	 * @param worker the spec
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new pool; close it
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> of(
			WorkerSpec<I, O> worker) {
		return of(List.of(worker), PoolOptions.defaults());
	}

	/**
	 * Makes a pool of one worker per spec, which take turns.
	 * @param workers the specs, at least one
	 * @param options how the pool behaves, except for its mode
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new pool; close it
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> of(
			List<WorkerSpec<I, O>> workers, PoolOptions options) {
		return Vimap.fork(workers, options.toBuilder().mode(PoolMode.SERIAL).build());
	}

}
