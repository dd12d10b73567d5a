package io.vimap.benchmarks.rows;

import java.util.List;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.EmptyMain;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;

/**
 * How long it takes from the call that makes a pool until its worker is ready, with and
 * without an archive of classes. The limit is a JVM with an empty main, from its start to
 * its end.
 */
public final class StartToReady implements Row {

	private static final double NANOS_PER_MILLI = 1e6;

	private static final int TRAINING_SECONDS = 45;

	@Override
	public String name() {
		return "start-to-ready";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		boolean trained = !effort.smoke() && train();
		start(ClassArchiveMode.OFF);
		SideBySide runs = new SideBySide();
		Samples plain = runs.add(() -> start(ClassArchiveMode.OFF));
		Samples empty = runs.add(() -> EmptyMain.time() / NANOS_PER_MILLI);
		Samples archived = trained ? runs.add(() -> start(ClassArchiveMode.AUTO)) : null;
		runs.run(effort.pick(3, 1) * effort.repetitions());
		return List.of(Result.of(name(), "ms", plain).limit("empty main", empty),
				(archived != null) ? Result.of(name() + "-archive", "ms", archived).limit("empty main", empty)
						: Result.none(name() + "-archive",
								effort.smoke() ? "training takes too long for a smoke run" : "no archive was made"));
	}

	private static double start(ClassArchiveMode mode) throws InterruptedException {
		long begin = System.nanoTime();
		try (ProcessPool<Integer, Integer> pool = fork(mode)) {
			Pools.awaitReady(pool);
			return (System.nanoTime() - begin) / NANOS_PER_MILLI;
		}
	}

	private static ProcessPool<Integer, Integer> fork(ClassArchiveMode mode) {
		return Vimap.forkIdentical(WorkerSpec.of(EchoInteger.class), 1,
				PoolOptions.builder().classArchive(mode).build());
	}

	/** Lets a pool make the archive, and waits until new children use it. */
	private static boolean train() throws Exception {
		try (ProcessPool<Integer, Integer> trainer = fork(ClassArchiveMode.AUTO)) {
			Pools.awaitReady(trainer);
			trainer.submit(1).get();
			for (int i = 0; i < TRAINING_SECONDS; i++) {
				try (ProcessPool<Integer, Integer> pool = fork(ClassArchiveMode.AUTO)) {
					Pools.awaitReady(pool);
					if (usesArchive(pool.stats().workers().get(0).pid())) {
						return true;
					}
				}
				Thread.sleep(1_000);
			}
		}
		return false;
	}

	private static boolean usesArchive(long pid) {
		return ProcessHandle.of(pid)
			.flatMap((process) -> process.info().arguments())
			.stream()
			.flatMap(Stream::of)
			.anyMatch((argument) -> argument.startsWith("-XX:SharedArchiveFile=")
					|| argument.startsWith("-XX:AOTCache="));
	}

}
