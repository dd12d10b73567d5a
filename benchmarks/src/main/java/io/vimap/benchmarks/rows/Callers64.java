package io.vimap.benchmarks.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.PlainThreads;
import io.vimap.benchmarks.reference.Python;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ProcessPool;

/**
 * 64 threads, each of which calls {@code submit(x).get()} again and again. The limit is
 * the same with an executor of as many threads as there are processes. Another line is
 * about callers that submit 100 at a time before they wait, and where Java has virtual
 * threads, one about callers that are such.
 */
public final class Callers64 implements Row {

	private static final int CALLERS = 64;

	private static final double TARGET = 300_000;

	/** One blocking call. */
	@FunctionalInterface
	private interface Call {

		int get(int input) throws Exception;

	}

	@Override
	public String name() {
		return "callers-64";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int count = effort.pick(640_000, 32_000);
		try (PlainThreads callers = new PlainThreads(CALLERS);
				PlainThreads virtual = PlainThreads.virtual();
				PlainThreads threads = new PlainThreads(Pools.PROCESSES);
				ProcessPool<Integer, Integer> pool = Pools.ready(EchoInteger.class, Pools.PROCESSES)) {
			Call forked = (input) -> pool.submit(input).get();
			Call plain = (input) -> threads.submit(() -> input).get();
			// The compilers are at work through the first three rounds.
			for (int i = effort.pick(4, 1); i > 0; i--) {
				callAll(callers, forked, count);
				callAll(callers, plain, count);
				if (virtual != null) {
					callAll(virtual, forked, count);
				}
			}
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(() -> callAll(callers, forked, count));
			Samples limit = runs.add(() -> callAll(callers, plain, count));
			Samples ahead = runs.add(() -> submitAhead(callers, pool, count));
			Samples peer = Python.isAvailable() ? runs.add(
					() -> Python.measure("executor_submit.py", effort.pick(12_800, 1_280), Pools.PROCESSES, CALLERS)[2])
					: null;
			Samples light = (virtual != null) ? runs.add(() -> callAll(virtual, forked, count)) : null;
			Samples lightLimit = (virtual != null) ? runs.add(() -> callAll(virtual, plain, count)) : null;
			runs.run(effort.repetitions());
			List<Result> results = new ArrayList<>();
			results.add(Result.of(name(), "tasks/s", ours)
				.limit("ExecutorService", limit)
				.peer("ProcessPoolExecutor.submit", peer)
				.target("≥ 300,000/s", ours.median() >= TARGET));
			results.add(Result.of(name() + "-ahead", "tasks/s", ahead).target("≥ 300,000/s", ahead.median() >= TARGET));
			if (light != null && lightLimit != null) {
				results.add(Result.of(name() + "-virtual", "tasks/s", light)
					.limit("ExecutorService", lightLimit)
					.target("≥ 300,000/s", light.median() >= TARGET));
			}
			return results;
		}
	}

	private static double callAll(PlainThreads callers, Call call, int count) throws Exception {
		Callable<Integer> caller = () -> {
			int sum = 0;
			for (int i = 0; i < count / CALLERS; i++) {
				sum += call.get(i);
			}
			return sum;
		};
		return count / callers.seconds(Stream.generate(() -> caller).limit(CALLERS).toList());
	}

	private static double submitAhead(PlainThreads callers, ProcessPool<Integer, Integer> pool, int count)
			throws Exception {
		Callable<Integer> caller = () -> {
			int sum = 0;
			for (int i = 0; i < count / CALLERS / 100; i++) {
				List<Future<Integer>> futures = new ArrayList<>();
				for (int k = 0; k < 100; k++) {
					futures.add(pool.submit(k));
				}
				for (Future<Integer> future : futures) {
					sum += future.get();
				}
			}
			return sum;
		};
		return count / callers.seconds(Stream.generate(() -> caller).limit(CALLERS).toList());
	}

}
