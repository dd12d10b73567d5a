package io.vimap.benchmarks.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.EmptyMain;
import io.vimap.benchmarks.spring.EchoApplication;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * How long it takes from the call that makes a pool until its worker is ready: with
 * default options, that is with the class archive that an earlier run has trained, and
 * without one. The limit is a JVM with an empty main, from its start to its end. Then the
 * same for a worker with a Spring context, whose limit is the time without an archive.
 */
public final class StartToReady implements Row {

	private static final double NANOS_PER_MILLI = 1e6;

	private static final int TRAINING_SECONDS = 15;

	private static final double MOST_OF_EMPTY = 1.5;

	private static final double MOST_OF_NO_ARCHIVE = 0.6;

	@Override
	public String name() {
		return "start-to-ready";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		List<Result> results = new ArrayList<>(plain(effort));
		results.add(spring(effort));
		return results;
	}

	private List<Result> plain(Effort effort) throws Exception {
		boolean trained = !effort.smoke() && train(() -> fork(ClassArchiveMode.AUTO));
		start(fork(ClassArchiveMode.OFF));
		SideBySide runs = new SideBySide();
		Samples without = runs.add(() -> timed(() -> fork(ClassArchiveMode.OFF)));
		Samples empty = runs.add(() -> EmptyMain.time() / NANOS_PER_MILLI);
		Samples with = trained ? runs.add(() -> timed(() -> fork(ClassArchiveMode.AUTO))) : null;
		runs.run(effort.pick(3, 1) * effort.repetitions());
		return List.of((with != null) ? againstEmpty(name(), with, empty) : untrained(name(), effort),
				againstEmpty(name() + "-no-archive", without, empty));
	}

	private static Result againstEmpty(String name, Samples samples, Samples empty) {
		return Result.of(name, "ms", samples)
			.limit("empty main", empty)
			.target("≤ 1.5 × limit", samples.ratioTo(empty) <= MOST_OF_EMPTY);
	}

	private Result spring(Effort effort) throws Exception {
		String name = name() + "-spring";
		try (ConfigurableApplicationContext archiving = EchoApplication.prepare(ClassArchiveMode.AUTO);
				ConfigurableApplicationContext plain = EchoApplication.prepare(ClassArchiveMode.OFF)) {
			ManagedProcessPool<?, ?> with = archiving.getBean(ManagedProcessPool.class);
			ManagedProcessPool<?, ?> without = plain.getBean(ManagedProcessPool.class);
			if (effort.smoke() || !train(() -> started(with))) {
				return untrained(name, effort);
			}
			start(started(without));
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(() -> timed(() -> started(with)));
			Samples limit = runs.add(() -> timed(() -> started(without)));
			runs.run(effort.pick(2, 1) * effort.repetitions());
			return Result.of(name, "ms", ours)
				.limit("no archive", limit)
				.target("≤ 0.6 × limit", ours.ratioTo(limit) <= MOST_OF_NO_ARCHIVE);
		}
	}

	private static Result untrained(String name, Effort effort) {
		return Result.none(name, effort.smoke() ? "training takes too long for a smoke run" : "no archive was made");
	}

	private static double timed(Callable<ProcessPool<?, ?>> starter) throws Exception {
		long begin = System.nanoTime();
		ProcessPool<?, ?> pool = starter.call();
		Pools.awaitReady(pool);
		double millis = (System.nanoTime() - begin) / NANOS_PER_MILLI;
		stop(pool);
		return millis;
	}

	private static void start(ProcessPool<?, ?> pool) throws Exception {
		Pools.awaitReady(pool);
		stop(pool);
	}

	private static ProcessPool<?, ?> started(ManagedProcessPool<?, ?> pool) {
		pool.start();
		return pool;
	}

	/** A managed pool can be started again, unless it is closed. */
	private static void stop(ProcessPool<?, ?> pool) {
		if (pool instanceof ManagedProcessPool<?, ?> managed) {
			managed.stop();
		}
		else {
			pool.close();
		}
	}

	private static ProcessPool<Integer, Integer> fork(ClassArchiveMode mode) {
		return Vimap.forkIdentical(WorkerSpec.of(EchoInteger.class), 1,
				PoolOptions.builder().classArchive(mode).build());
	}

	/** Lets a worker live until its archive has been made, if there is none. */
	private static boolean train(Callable<ProcessPool<?, ?>> starter) throws Exception {
		if (usesArchive(starter.call(), 0)) {
			return true;
		}
		usesArchive(starter.call(), TRAINING_SECONDS);
		return usesArchive(starter.call(), 0);
	}

	private static boolean usesArchive(ProcessPool<?, ?> pool, int seconds) throws InterruptedException {
		try {
			Pools.awaitReady(pool);
			Thread.sleep(1_000L * seconds);
			return ProcessHandle.of(pool.stats().workers().get(0).pid())
				.flatMap((process) -> process.info().arguments())
				.stream()
				.flatMap(Stream::of)
				.anyMatch((argument) -> argument.startsWith("-XX:SharedArchiveFile=")
						|| argument.startsWith("-XX:AOTCache="));
		}
		finally {
			stop(pool);
		}
	}

}
