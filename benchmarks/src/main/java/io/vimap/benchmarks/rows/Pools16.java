package io.vimap.benchmarks.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.PlainThreads;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ProcessPool;

/**
 * Sixteen pools of one process with four imaps each, all at once. The limit is one pool
 * of sixteen processes with all 64 imaps.
 */
public final class Pools16 implements Row {

	private static final int POOLS = 16;

	private static final int IMAPS = 64;

	@Override
	public String name() {
		return "pools-16";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(1_600_000, 64_000);
		List<ProcessPool<Integer, Integer>> pools = new ArrayList<>();
		try (PlainThreads consumers = new PlainThreads(IMAPS);
				ProcessPool<Integer, Integer> one = Pools.ready(EchoInteger.class, POOLS)) {
			for (int i = 0; i < POOLS; i++) {
				pools.add(Pools.ready(EchoInteger.class, 1));
			}
			echo(consumers, pools, count);
			echo(consumers, List.of(one), count);
			SideBySide runs = new SideBySide();
			Samples many = runs.add(() -> echo(consumers, pools, count));
			Samples single = runs.add(() -> echo(consumers, List.of(one), count));
			Samples oneImap = runs.add(() -> Pools.echo(one, count, (i) -> i));
			runs.run(effort.repetitions());
			return List.of(Result.of(name(), "tasks/s", many)
				.limit("one pool, 64 imaps", single)
				.target("≥ 0.9 × one pool", many.ratioTo(single) >= 0.9)
				.note("one pool of 16 processes with a single imap: " + Result.number(oneImap.median()) + " tasks/s"));
		}
		finally {
			pools.forEach(ProcessPool::close);
		}
	}

	private static double echo(PlainThreads consumers, List<ProcessPool<Integer, Integer>> pools, int count)
			throws Exception {
		List<Callable<Double>> runs = new ArrayList<>();
		for (int i = 0; i < IMAPS; i++) {
			ProcessPool<Integer, Integer> pool = pools.get(i % pools.size());
			runs.add(() -> Pools.echo(pool, count / IMAPS, (k) -> k));
		}
		return count / consumers.seconds(runs);
	}

}
