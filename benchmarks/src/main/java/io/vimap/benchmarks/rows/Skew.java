package io.vimap.benchmarks.rows;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.CpuWork;
import io.vimap.benchmarks.reference.PlainThreads;
import io.vimap.benchmarks.workers.CpuWorker;
import io.vimap.pool.ProcessPool;

/**
 * One task of a second among 2,000 of a millisecond: what waits behind it must go to the
 * other worker. The ideal is an executor whose threads share one queue.
 */
public final class Skew implements Row {

	@Override
	public String name() {
		return "skew";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(2_000, 200);
		int longMillis = effort.pick(1_000, 100);
		int rounds = CpuWork.roundsPerMilli();
		// Early, so that there is enough left for the other worker.
		int[] inputs = IntStream.range(0, count + 1)
			.map((i) -> (i == count / 4) ? rounds * longMillis : rounds)
			.toArray();
		List<Callable<Integer>> tasks = IntStream.of(inputs)
			.<Callable<Integer>>mapToObj((input) -> () -> CpuWork.run(input))
			.toList();
		try (PlainThreads threads = new PlainThreads(Pools.PROCESSES);
				ProcessPool<Integer, Integer> pool = Pools.ready(CpuWorker.class, Pools.PROCESSES)) {
			SideBySide.Measurement processes = () -> inputs.length / Pools.echo(pool, inputs.length, (i) -> inputs[i]);
			SideBySide.Measurement plain = () -> threads.seconds(tasks);
			SideBySide.warmUp(effort.pick(2, 1), processes, plain);
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(processes);
			Samples limit = runs.add(plain);
			runs.run(effort.repetitions());
			return List.of(Result.of(name(), "s", ours)
				.limit("ExecutorService", limit)
				.target("≤ 1.1 × ideal", ours.ratioTo(limit) <= 1.1));
		}
	}

}
