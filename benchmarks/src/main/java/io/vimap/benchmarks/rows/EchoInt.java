package io.vimap.benchmarks.rows;

import java.util.List;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.Pp4j;
import io.vimap.benchmarks.reference.Python;
import io.vimap.benchmarks.reference.RawEcho;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

/**
 * The engine's own cost per task: an unchunked imap of small integers that are sent back.
 * The limit is messages of about the same size over raw sockets, written and read in
 * large blocks.
 */
public final class EchoInt implements Row {

	/** About what a frame with an Integer takes, the mean of there and back. */
	private static final int MESSAGE = 24;

	private static final double TARGET = 3_000_000;

	@Override
	public String name() {
		return "echo-int";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(5_000_000, 200_000);
		try (RawEcho raw = new RawEcho(Pools.PROCESSES);
				Pp4j pp4j = new Pp4j(Pools.PROCESSES);
				ProcessPool<Integer, Integer> pool = Pools.ready(EchoInteger.class, Pools.PROCESSES)) {
			pp4j.echo(effort.pick(5_000, 500));
			raw.bytesPerSecond(100_000_000);
			Pools.echo(pool, count / 2, (i) -> i);
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(() -> Pools.echo(pool, count, (i) -> i));
			Samples limit = runs.add(() -> raw.bytesPerSecond((long) count * MESSAGE) / MESSAGE);
			Samples chunked = Python.join(runs, "imap_unordered.py", "int", effort.pick(3_000_000, 100_000),
					Pools.PROCESSES, 100);
			Samples single = Python.join(runs, "imap_unordered.py", "int", effort.pick(150_000, 10_000),
					Pools.PROCESSES, 1);
			Samples executor = Python.join(runs, "executor_map.py", "int", effort.pick(15_000, 2_000), Pools.PROCESSES,
					1);
			Samples forked = runs.add(() -> pp4j.echo(effort.pick(5_000, 500)));
			runs.run(effort.repetitions());
			Result result = Result.of(name(), "tasks/s", ours)
				.limit("raw socket", limit)
				.peer("imap_unordered(chunksize=100)", chunked)
				.target("≥ 3 M/s", ours.median() >= TARGET)
				.note("others: PP4J.submit " + Result.number(forked.median()) + " tasks/s" + others(single, executor));
			if (chunked != null) {
				result.target("≥ peer", ours.ratioTo(chunked) >= 1);
			}
			return List.of(result);
		}
	}

	private static String others(@Nullable Samples single, @Nullable Samples executor) {
		if (single == null || executor == null) {
			return "";
		}
		return ", imap_unordered(chunksize=1) " + Result.number(single.median()) + " tasks/s, ProcessPoolExecutor.map "
				+ Result.number(executor.median()) + " tasks/s";
	}

}
