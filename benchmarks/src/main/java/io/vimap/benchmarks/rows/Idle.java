package io.vimap.benchmarks.rows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.reference.JvmCommand;
import io.vimap.benchmarks.reference.Proc;
import io.vimap.benchmarks.reference.SleepingMain;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;

/**
 * What a pool costs that nobody uses: the memory of a child that has run a task, and the
 * processor time of parent and children. The limit is as many JVMs that only wait, with
 * the same heap, and timers left alone: a JVM has timers of its own, which may show as a
 * tick now and then.
 */
public final class Idle implements Row {

	private static final double MOST_MIB = 45;

	private static final double BYTES_PER_MIB = 1024 * 1024;

	private static final double MILLIS_PER_TICK = 10;

	private static final double NANOS_PER_MILLI = 1e6;

	@Override
	public String name() {
		return "idle";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		try (OwnArchives archives = new OwnArchives()) {
			if (!effort.smoke()) {
				train(archives);
			}
			return measureTrained(effort);
		}
	}

	/** A child is to rest as nearly all do: started with a class archive. */
	private static void train(OwnArchives archives) throws Exception {
		try (ProcessPool<Integer, Integer> pool = Pools.ready(EchoInteger.class, 1)) {
			pool.submit(1).get();
			archives.awaitOne();
		}
	}

	private List<Result> measureTrained(Effort effort) throws Exception {
		List<Process> sleeping = new ArrayList<>();
		try (ProcessPool<Integer, Integer> pool = Pools.ready(EchoInteger.class, Pools.PROCESSES)) {
			for (int i = 0; i < Pools.PROCESSES; i++) {
				sleeping.add(SleepingMain.start(JvmCommand.LIKE_A_CHILD));
			}
			// With the same options as the parent, which this JVM is.
			sleeping.add(SleepingMain.start(List.of()));
			List<Long> plain = sleeping.stream().map(Process::pid).toList();
			List<Long> children = pool.stats().workers().stream().map(WorkerInfo::pid).toList();
			List<Long> plainChildren = plain.subList(0, Pools.PROCESSES);
			List<Long> ours = new ArrayList<>(children);
			ours.add(ProcessHandle.current().pid());
			pool.submit(1).get();
			// Start-up has aftermaths: the compiler's, and those of the class archive.
			Thread.sleep(effort.pick(12_000, 2_000));
			long oursBefore = Proc.ticks(ours);
			long childrenBefore = Proc.ticks(children);
			long plainBefore = Proc.ticks(plain);
			long plainChildrenBefore = Proc.ticks(plainChildren);
			Map<Path, Long> threadsBefore = Proc.threadNanos(ours, "vimap-");
			Thread.sleep(effort.pick(60_000, 5_000));
			Samples cpu = Samples.of((Proc.ticks(ours) - oursBefore) * MILLIS_PER_TICK);
			Samples threads = Samples
				.of(Proc.nanosBetween(threadsBefore, Proc.threadNanos(ours, "vimap-")) / NANOS_PER_MILLI);
			double childrenMillis = (Proc.ticks(children) - childrenBefore) * MILLIS_PER_TICK;
			double plainChildrenMillis = (Proc.ticks(plainChildren) - plainChildrenBefore) * MILLIS_PER_TICK;
			Samples limit = Samples.of((Proc.ticks(plain) - plainBefore) * MILLIS_PER_TICK);
			return List.of(
					Result.of(name() + "-rss", "MiB", rss(children))
						.limit("JVM that waits", rss(plainChildren))
						.target("≤ 45 MB", rss(children).median() <= MOST_MIB),
					Result.of(name() + "-cpu", "ms", cpu)
						.limit("JVMs that wait", limit)
						.target("none", cpu.median() == 0)
						.note("parent and children over " + effort.pick(60, 5)
								+ " s, as /proc/PID/stat counts; the children alone: " + Result.number(childrenMillis)
								+ " ms, JVMs that wait in their place: " + Result.number(plainChildrenMillis) + " ms"),
					Result.of(name() + "-cpu-threads", "ms", threads)
						.target("none that /proc/PID/stat could show", threads.median() < MILLIS_PER_TICK)
						.note("of these the threads of pool and workers, as /proc/PID/task/*/schedstat counts;"
								+ " the rest is the JVM's"));
		}
		finally {
			for (Process process : sleeping) {
				process.getOutputStream().close();
			}
		}
	}

	private static Samples rss(List<Long> pids) throws Exception {
		Samples samples = new Samples();
		for (long pid : pids) {
			samples.add(Proc.rss(pid) / BYTES_PER_MIB);
		}
		return samples;
	}

}
