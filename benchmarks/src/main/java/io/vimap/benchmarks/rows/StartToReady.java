package io.vimap.benchmarks.rows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

import io.vimap.Vimap;
import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import io.vimap.benchmarks.reference.EmptyMain;
import io.vimap.benchmarks.spring.EchoApplication;
import io.vimap.benchmarks.spring.StartTimes;
import io.vimap.benchmarks.workers.EchoInteger;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * How long a worker takes from launch to ready, as a pool's listeners are told it: with
 * default options, that is with the class archive that an earlier child has trained, and
 * without one. The limit is a JVM with an empty main, from its start to its end. Then the
 * same for a worker with a Spring context, whose limit is the time without an archive.
 */
public final class StartToReady implements Row {

	private static final double NANOS_PER_MILLI = 1e6;

	/** As long as an archive may take to be made. */
	private static final Duration TRAINING = Duration.ofSeconds(40);

	private static final long FIRST_LIFE_MILLIS = 2_000;

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
		StartTimes archiving = new StartTimes();
		StartTimes plain = new StartTimes();
		Starts with = new Starts(archiving, () -> fork(ClassArchiveMode.AUTO, archiving));
		Starts without = new Starts(plain, () -> fork(ClassArchiveMode.OFF, plain));
		boolean trained = !effort.smoke() && with.train();
		without.once();
		SideBySide runs = new SideBySide();
		Samples withoutTimes = runs.add(without::once);
		Samples empty = runs.add(() -> EmptyMain.time() / NANOS_PER_MILLI);
		Samples withTimes = trained ? runs.add(with::once) : null;
		runs.run(effort.pick(3, 1) * effort.repetitions());
		return List.of((withTimes != null) ? againstEmpty(name(), with, withTimes, empty) : untrained(name(), effort),
				againstEmpty(name() + "-no-archive", without, withoutTimes, empty));
	}

	private static Result againstEmpty(String name, Starts starts, Samples samples, Samples empty) {
		return Result.of(name, "ms", samples)
			.limit("empty main", empty)
			.target("≤ 1.5 × limit", samples.ratioTo(empty) <= MOST_OF_EMPTY)
			.note(starts.note());
	}

	private Result spring(Effort effort) throws Exception {
		String name = name() + "-spring";
		StartTimes archiving = new StartTimes();
		StartTimes plain = new StartTimes();
		try (ConfigurableApplicationContext archivingContext = EchoApplication.prepare(ClassArchiveMode.AUTO,
				archiving);
				ConfigurableApplicationContext plainContext = EchoApplication.prepare(ClassArchiveMode.OFF, plain)) {
			Starts with = new Starts(archiving, () -> started(archivingContext));
			Starts without = new Starts(plain, () -> started(plainContext));
			if (effort.smoke() || !with.train()) {
				return untrained(name, effort);
			}
			without.once();
			SideBySide runs = new SideBySide();
			Samples ours = runs.add(with::once);
			Samples limit = runs.add(without::once);
			runs.run(effort.pick(2, 1) * effort.repetitions());
			return Result.of(name, "ms", ours)
				.limit("no archive", limit)
				.target("≤ 0.6 × limit", ours.ratioTo(limit) <= MOST_OF_NO_ARCHIVE)
				.note(with.note());
		}
	}

	private static Result untrained(String name, Effort effort) {
		return Result.none(name, effort.smoke() ? "training takes too long for a smoke run" : "no archive was made");
	}

	private static ProcessPool<?, ?> started(ConfigurableApplicationContext context) {
		ManagedProcessPool<?, ?> pool = context.getBean(ManagedProcessPool.class);
		pool.start();
		return pool;
	}

	private static ProcessPool<Integer, Integer> fork(ClassArchiveMode mode, StartTimes times) {
		return Vimap.forkIdentical(WorkerSpec.of(EchoInteger.class), 1,
				PoolOptions.builder().classArchive(mode).listeners(List.of(times)).build());
	}

	/** Starts of the same pool of one worker, one after the other. */
	private static final class Starts {

		private final StartTimes times;

		private final Callable<ProcessPool<?, ?>> starter;

		private final Samples fromCall = new Samples();

		Starts(StartTimes times, Callable<ProcessPool<?, ?>> starter) {
			this.times = times;
			this.starter = starter;
		}

		/** Returns the milliseconds from launch to ready. */
		double once() throws Exception {
			long begin = System.nanoTime();
			ProcessPool<?, ?> pool = this.starter.call();
			try {
				Pools.awaitReady(pool);
				this.fromCall.add((System.nanoTime() - begin) / NANOS_PER_MILLI);
				return this.times.next().toNanos() / NANOS_PER_MILLI;
			}
			finally {
				stop(pool);
			}
		}

		String note() {
			return Result.number(this.fromCall.median()) + " ms from the call that makes the pool";
		}

		/**
		 * Starts workers, for a short life and longer ones, until one uses an archive.
		 */
		boolean train() throws Exception {
			long life = FIRST_LIFE_MILLIS;
			long end = System.nanoTime() + TRAINING.toNanos();
			while (System.nanoTime() < end) {
				ProcessPool<?, ?> pool = this.starter.call();
				try {
					Pools.awaitReady(pool);
					this.times.next();
					if (usesArchive(pool)) {
						return true;
					}
					Thread.sleep(life);
					life *= 2;
				}
				finally {
					stop(pool);
				}
			}
			return false;
		}

		private static boolean usesArchive(ProcessPool<?, ?> pool) throws IOException {
			// Not ProcessHandle.Info: it tells no arguments longer than a page.
			Path commandLine = Path.of("/proc", String.valueOf(pool.stats().workers().get(0).pid()), "cmdline");
			return Arrays.stream(Files.readString(commandLine, StandardCharsets.ISO_8859_1).split("\0"))
				.anyMatch((argument) -> argument.startsWith("-XX:SharedArchiveFile=")
						|| argument.startsWith("-XX:AOTCache="));
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

	}

}
