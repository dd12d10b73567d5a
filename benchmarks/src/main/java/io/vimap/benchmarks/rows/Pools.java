package io.vimap.benchmarks.rows;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;

/**
 * What most rows do with pools.
 */
final class Pools {

	/** The number of worker processes unless a row is about another one. */
	static final int PROCESSES = 2;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private Pools() {
	}

	/** A pool with default options that is ready. */
	static <I, O> ProcessPool<I, O> ready(Class<? extends Worker<I, O>> worker, int processes)
			throws InterruptedException {
		return ready(worker, processes, PoolOptions.builder());
	}

	static <I, O> ProcessPool<I, O> ready(Class<? extends Worker<I, O>> worker, int processes,
			PoolOptions.Builder options) throws InterruptedException {
		ProcessPool<I, O> pool = Vimap.forkIdentical(WorkerSpec.of(worker), processes,
				options.closeWhenDone(false).build());
		awaitReady(pool);
		return pool;
	}

	static void awaitReady(ProcessPool<?, ?> pool) throws InterruptedException {
		if (!pool.awaitReady(PATIENCE)) {
			throw new IllegalStateException("the pool is not ready after " + PATIENCE);
		}
	}

	/**
	 * Echoes inputs by one unchunked imap, and makes sure that all come back.
	 * @return tasks per second
	 */
	static <T> double echo(ProcessPool<T, T> pool, int count, IntFunction<T> input) {
		Iterator<T> inputs = new Counting<>(count, input);
		int[] got = new int[1];
		long begin = System.nanoTime();
		try (Stream<T> outputs = pool.imap(inputs).outputs()) {
			outputs.forEach((output) -> got[0]++);
		}
		double seconds = (System.nanoTime() - begin) / 1e9;
		if (got[0] != count) {
			throw new IllegalStateException(got[0] + " of " + count + " results");
		}
		return count / seconds;
	}

	/** As cheap as can be: a stream's iterator took a fifth of the consumer's time. */
	private static final class Counting<T> implements Iterator<T> {

		private final int count;

		private final IntFunction<T> input;

		private int next;

		Counting(int count, IntFunction<T> input) {
			this.count = count;
			this.input = input;
		}

		@Override
		public boolean hasNext() {
			return this.next < this.count;
		}

		@Override
		public T next() {
			if (this.next == this.count) {
				throw new NoSuchElementException();
			}
			return this.input.apply(this.next++);
		}

	}

}
