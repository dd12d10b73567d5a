package io.vimap.benchmarks.rows;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.SideBySide.Measurement;
import io.vimap.benchmarks.reference.CpuWork;
import io.vimap.benchmarks.reference.PlainThreads;
import io.vimap.benchmarks.workers.CpuWorker;
import io.vimap.pool.ProcessPool;

/**
 * Tasks that keep a processor busy for a millisecond. The limit is the same work by
 * threads in one JVM: perfect scaling as far as this machine can do it.
 */
public final class Cpu1Ms implements Row {

	@Override
	public String name() {
		return "cpu-1ms";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(4_000, 200);
		int rounds = CpuWork.roundsPerMilli();
		List<Callable<Integer>> tasks = Collections.nCopies(count, () -> CpuWork.run(rounds));
		try (PlainThreads threads = new PlainThreads(Pools.PROCESSES);
				ProcessPool<Integer, Integer> pool = Pools.ready(CpuWorker.class, Pools.PROCESSES)) {
			Measurement processes = () -> Pools.echo(pool, count, (i) -> rounds);
			Measurement plain = () -> count / threads.seconds(tasks);
			// Tasks of a millisecond make so few calls that the compilers would work on
			// beside most of what is measured. They learn from more and shorter ones:
			// first in pairs, because what reads and writes is called once for many.
			for (int i = 0; i < 5 * count; i++) {
				Future<Integer> other = pool.submit(1);
				pool.submit(1).get();
				other.get();
			}
			int brief = Math.max(1, rounds / 10);
			List<Callable<Integer>> briefTasks = Collections.nCopies(5 * count, () -> CpuWork.run(brief));
			SideBySide.warmUp(effort.pick(4, 1), () -> Pools.echo(pool, 5 * count, (i) -> brief),
					() -> threads.seconds(briefTasks));
			SideBySide.warmUp(1, processes, plain);
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(processes);
			Samples limit = runs.add(plain);
			runs.run(effort.repetitions());
			return List.of(Result.of(name(), "tasks/s", ours)
				.limit("ExecutorService", limit)
				.target("≥ 0.97 × limit", ours.ratioTo(limit) >= 0.97));
		}
	}

}
