package io.vimap.benchmarks.rows;

import java.util.List;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.reference.Pp4j;
import io.vimap.benchmarks.reference.Python;
import io.vimap.benchmarks.reference.RawEcho;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

/**
 * How long one caller waits for {@code submit(x).get()}, one after the other. The limit
 * is a message of the same size that a raw socket echoes.
 */
public final class RoundTrip implements Row {

	private static final int MESSAGE = 24;

	private static final double NANOS_PER_MICRO = 1000;

	@Override
	public String name() {
		return "round-trip";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(50_000, 2_000);
		Percentiles ours = new Percentiles();
		Percentiles limit = new Percentiles();
		Percentiles peer = Python.isAvailable() ? new Percentiles() : null;
		Percentiles forked = new Percentiles();
		try (RawEcho raw = new RawEcho(1);
				Pp4j pp4j = new Pp4j(Pools.PROCESSES);
				ProcessPool<Integer, Integer> pool = Pools.ready(EchoInteger.class, Pools.PROCESSES)) {
			raw.roundTrips(count, MESSAGE);
			roundTrips(pool, count);
			pp4j.roundTrips(count / 50);
			for (int i = 0; i < effort.repetitions(); i++) {
				ours.add(roundTrips(pool, count));
				limit.add(raw.roundTrips(count, MESSAGE));
				forked.add(pp4j.roundTrips(count / 50));
				if (peer != null) {
					double[] nanos = Python.measure("executor_submit.py", effort.pick(5_000, 500), Pools.PROCESSES, 1);
					peer.add(nanos[0], nanos[1]);
				}
			}
		}
		return List.of(
				result("p50", ours.p50, limit.p50, (peer != null) ? peer.p50 : null)
					.target("≤ 3 × raw", ours.p50.ratioTo(limit.p50) <= 3)
					.note("PP4J.submit " + Result.number(forked.p50.median()) + " µs"),
				result("p99", ours.p99, limit.p99, (peer != null) ? peer.p99 : null).target("≤ 10 × raw",
						ours.p99.ratioTo(limit.p99) <= 10));
	}

	private Result result(String percentile, Samples ours, Samples limit, @Nullable Samples peer) {
		return Result.of(name() + "-" + percentile, "µs", ours)
			.limit("raw socket", limit)
			.peer("ProcessPoolExecutor.submit", peer);
	}

	private static Samples roundTrips(ProcessPool<Integer, Integer> pool, int count) throws Exception {
		Samples samples = new Samples();
		for (int i = 0; i < count; i++) {
			long begin = System.nanoTime();
			pool.submit(i).get();
			samples.add((double) (System.nanoTime() - begin));
		}
		return samples;
	}

	/** The two figures of each repetition, in microseconds. */
	private static final class Percentiles {

		private final Samples p50 = new Samples();

		private final Samples p99 = new Samples();

		private void add(Samples nanos) {
			add(nanos.percentile(0.5), nanos.percentile(0.99));
		}

		private void add(double middle, double high) {
			this.p50.add(middle / NANOS_PER_MICRO);
			this.p99.add(high / NANOS_PER_MICRO);
		}

	}

}
