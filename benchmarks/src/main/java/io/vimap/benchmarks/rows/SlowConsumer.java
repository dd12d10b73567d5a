package io.vimap.benchmarks.rows;

import java.util.Iterator;
import java.util.List;
import java.util.Spliterator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.workers.Sleeper;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskOutcome;

/**
 * Inputs that are expensive to make and a consumer that takes its time, on one thread.
 * First the consumer is the slowest: how far does the pool look ahead? Then the workers
 * are: how much of the time are they busy?
 */
public final class SlowConsumer implements Row {

	private static final int BOUND = 32;

	private static final double NANOS = 1e9;

	@Override
	public String name() {
		return "slow-consumer";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		LongAdder busy = new LongAdder();
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				busy.add(runNanos);
			}

		};
		Samples lookAhead = new Samples();
		Samples share = new Samples();
		try (ProcessPool<Integer, Integer> pool = Pools.ready(Sleeper.class, Pools.PROCESSES,
				PoolOptions.builder().listeners(List.of(listener)))) {
			for (int i = 0; i < effort.repetitions(); i++) {
				Run ahead = new Run(effort.pick(500, 50), 0, 0, 2);
				ahead.read(pool.imap(ahead).maxInFlight(BOUND).outputs());
				lookAhead.add(ahead.most);
				busy.reset();
				Run balanced = new Run(effort.pick(400, 40), 10, 1, 1);
				long begin = System.nanoTime();
				balanced.read(pool.imap(balanced).outputs());
				share.add(busy.sum() / NANOS / ((System.nanoTime() - begin) / NANOS * Pools.PROCESSES));
			}
		}
		return List.of(
				Result.of(name() + "-bound", "inputs-ahead", lookAhead)
					.limit("max-in-flight", constant(BOUND, lookAhead.size()))
					.target("≤ the bound", lookAhead.max() <= BOUND),
				Result.of(name() + "-busy", "share-of-time", share)
					.limit("always busy", constant(1, share.size()))
					.target("≥ 0.95", share.median() >= 0.95)
					.note("tasks of 10 ms; an input and a result cost the consumer's thread 1 ms each"));
	}

	private static Samples constant(double value, int count) {
		Samples samples = new Samples();
		for (int i = 0; i < count; i++) {
			samples.add(value);
		}
		return samples;
	}

	/** Makes inputs and consumes results, and counts. */
	private static final class Run implements Iterator<Integer> {

		private final int count;

		private final int taskMillis;

		private final int inputMillis;

		private final int resultMillis;

		private int pulled;

		/** Results the consumer has asked for, the one it waits for included. */
		private int asked;

		private int most;

		Run(int count, int taskMillis, int inputMillis, int resultMillis) {
			this.count = count;
			this.taskMillis = taskMillis;
			this.inputMillis = inputMillis;
			this.resultMillis = resultMillis;
		}

		@Override
		public boolean hasNext() {
			return this.pulled < this.count;
		}

		@Override
		public Integer next() {
			sleep(this.inputMillis);
			this.pulled++;
			this.most = Math.max(this.most, this.pulled - this.asked);
			return this.taskMillis;
		}

		void read(Stream<Integer> outputs) {
			try (outputs) {
				Spliterator<Integer> results = outputs.spliterator();
				do {
					this.asked++;
				}
				while (results.tryAdvance((output) -> sleep(this.resultMillis)));
			}
		}

		private static void sleep(int millis) {
			if (millis > 0) {
				try {
					Thread.sleep(millis);
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

	}

}
