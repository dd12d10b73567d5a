package io.vimap.benchmarks.rows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ProcessPool;

/**
 * Ten million inputs through a parent that has 64 MB: the heap after a collection at the
 * end of the run compared with that after its first tenth, and what the parent allocates
 * per task, boxed inputs and outputs included.
 */
public final class Memory10M implements Row {

	/** Two collections amid a run differ by what is in flight. */
	private static final double NO_GROWTH_MIB = 1;

	private static final double BYTES_PER_MIB = 1024 * 1024;

	@Override
	public String name() {
		return "memory-10m";
	}

	@Override
	public List<String> jvmArgs() {
		return List.of("-Xmx64m");
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(10_000_000, 300_000);
		Samples growth = new Samples();
		Samples allocated = new Samples();
		try (ProcessPool<Integer, Integer> pool = Pools.ready(EchoInteger.class, Pools.PROCESSES)) {
			Probe probe = new Probe(count / 10, count);
			try (Stream<Integer> outputs = pool.imap(IntStream.range(0, count).boxed()).outputs()) {
				outputs.forEach((output) -> probe.took());
			}
			growth.add((probe.usedAtEnd - probe.usedEarly) / BYTES_PER_MIB);
			allocated.add((double) probe.allocated / (count - count / 10));
		}
		return List.of(
				Result.of(name() + "-growth", "MiB", growth)
					.target("no growth (≤ 1 MiB)", growth.median() <= NO_GROWTH_MIB)
					.note("one run of 10 million inputs, parent with -Xmx64m"),
				Result.of(name() + "-allocation", "bytes/task", allocated)
					.target("≤ 250 bytes", allocated.median() <= 250));
	}

	/** Looks at the heap amid the run. */
	private static final class Probe {

		private final int early;

		private final int end;

		private int taken;

		private double usedEarly;

		private double usedAtEnd;

		private Allocation allocation = new Allocation();

		private long allocated;

		Probe(int early, int end) {
			this.early = early;
			this.end = end;
		}

		void took() {
			this.taken++;
			if (this.taken == this.early) {
				this.usedEarly = usedAfterCollection();
				this.allocation = new Allocation();
			}
			else if (this.taken == this.end) {
				this.allocated = this.allocation.bytes();
				this.usedAtEnd = usedAfterCollection();
			}
		}

		private static double usedAfterCollection() {
			Runtime runtime = Runtime.getRuntime();
			double least = Double.MAX_VALUE;
			for (int i = 0; i < 3; i++) {
				runtime.gc();
				least = Math.min(least, runtime.totalMemory() - (double) runtime.freeMemory());
			}
			return least;
		}

	}

}
