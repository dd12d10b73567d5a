package io.vimap;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.vimap.pool.Imap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.SerializableFunction;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * The front door: forks pools of child processes.
 */
public final class Vimap {

	private Vimap() {
	}

	/**
	 * Forks one process per spec, with default options. Returns without waiting for the
	 * processes; tasks wait for them.
	 * @param workers the specs, at least one, all of the same input and output types
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new pool; close it
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> fork(
			List<WorkerSpec<I, O>> workers) {
		return fork(workers, PoolOptions.defaults());
	}

	/**
	 * Forks one process per spec.
	 * @param workers the specs, at least one, all of the same input and output types
	 * @param options how the pool behaves
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new pool; close it
	 * @throws IllegalArgumentException if there is no spec, if a worker class can't be
	 * instantiated in a child, if a factory, function or init args can't be sent there,
	 * if the specs differ in their types, or if values of the types could not be decoded
	 * again
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> fork(
			List<WorkerSpec<I, O>> workers, PoolOptions options) {
		Objects.requireNonNull(workers, "'workers' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		workers.forEach((worker) -> Objects.requireNonNull(worker, "'workers' must not contain null"));
		if (workers.isEmpty()) {
			throw new IllegalArgumentException("Pool '" + options.name()
					+ "' has no worker specs. Allowed: at least one; it makes one process for each.");
		}
		ProcessPool<I, O> pool = PoolFactory.create(workers, options);
		if (options.autoStart()) {
			pool.start();
		}
		return pool;
	}

	/**
	 * Forks processes that all run the same spec, with default options.
	 * @param worker the spec
	 * @param processes how many, at least 1
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new pool; close it
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> forkIdentical(
			WorkerSpec<I, O> worker, int processes) {
		return forkIdentical(worker, processes, PoolOptions.defaults());
	}

	/**
	 * Forks processes that all run the same spec.
	 * @param worker the spec
	 * @param processes how many, at least 1
	 * @param options how the pool behaves
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new pool; close it
	 * @throws IllegalArgumentException if {@code processes} is less than 1 or more than
	 * {@link PoolOptions#MOST_PROCESSES}, or as for {@link #fork(List, PoolOptions)}
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> forkIdentical(
			WorkerSpec<I, O> worker, int processes, PoolOptions options) {
		Objects.requireNonNull(worker, "'worker' must not be null");
		Objects.requireNonNull(options, "'options' must not be null");
		if (processes < 1 || processes > PoolOptions.MOST_PROCESSES) {
			throw new IllegalArgumentException("Property 'processes' of pool '" + options.name() + "' has the value '"
					+ processes + "'. Allowed: a whole number from 1 to " + PoolOptions.MOST_PROCESSES + ".");
		}
		return fork(Collections.nCopies(processes, worker), options);
	}

	/**
	 * Applies a function to all inputs in a pool of its own, one process per available
	 * processor. Results come as they are ready.
	 * @param function applied in the children
	 * @param inputs the inputs, possibly endless
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a lazy stream of outputs; reading it to the end or closing it closes the
	 * pool, as does a failure that is thrown out of it. A stream that is never read must
	 * be closed: its processes have been forked
	 * @throws IllegalArgumentException if the function captures what can't be serialized
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> Stream<O> imapUnordered(
			SerializableFunction<I, O> function, Iterable<? extends I> inputs) {
		return sugar(function, inputs).closeWhenDone(true).outputs();
	}

	/**
	 * Applies a function to all inputs in a pool of its own, one process per available
	 * processor. Results come in the order of the inputs.
	 * @param function applied in the children
	 * @param inputs the inputs, possibly endless
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a lazy stream of outputs; reading it to the end or closing it closes the
	 * pool, as does a failure that is thrown out of it. A stream that is never read must
	 * be closed: its processes have been forked
	 * @throws IllegalArgumentException if the function captures what can't be serialized
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> Stream<O> imapOrdered(
			SerializableFunction<I, O> function, Iterable<? extends I> inputs) {
		return sugar(function, inputs).ordered().closeWhenDone(true).outputs();
	}

	private static <I extends @Nullable Object, O extends @Nullable Object> Imap<I, O> sugar(
			SerializableFunction<I, O> function, Iterable<? extends I> inputs) {
		Objects.requireNonNull(inputs, "'inputs' must not be null");
		return forkIdentical(WorkerSpec.function(function), Runtime.getRuntime().availableProcessors()).imap(inputs);
	}

}
