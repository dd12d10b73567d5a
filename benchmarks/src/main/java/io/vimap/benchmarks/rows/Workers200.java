package io.vimap.benchmarks.rows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.vimap.Vimap;
import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.reference.EmptyMain;
import io.vimap.benchmarks.reference.Proc;
import io.vimap.benchmarks.reference.RawSleep;
import io.vimap.benchmarks.workers.Sleeper;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerState;
import io.vimap.worker.WorkerSpec;

/**
 * Two hundred workers: how long until all are ready, how many are launched at a time, and
 * whether all of them work at once. The limit for working at once is as many bare JVMs
 * that sleep, for launching as many with an empty main, eight at a time.
 */
public final class Workers200 implements Row {

	private static final int MOST_LAUNCHES = 8;

	private static final int SLEEP_MILLIS = 200;

	private static final long BYTES_PER_WORKER = 64L << 20;

	private static final double NANOS = 1e9;

	@Override
	public String name() {
		return "workers-200";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int wanted = effort.pick(200, 20);
		int size = (int) Math.min(wanted, Proc.availableMemory() / BYTES_PER_WORKER);
		Samples launch = new Samples();
		Samples sleeps = new Samples();
		Samples atOnce = new Samples();
		long begin = System.nanoTime();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Sleeper.class), size,
				PoolOptions.builder().closeWhenDone(false).build())) {
			AtomicBoolean ready = new AtomicBoolean();
			Thread watcher = new Thread(() -> atOnce.add(mostLaunching(pool, ready)), "watcher");
			watcher.start();
			Pools.awaitReady(pool);
			launch.add((System.nanoTime() - begin) / NANOS);
			ready.set(true);
			watcher.join();
			Pools.echo(pool, size * 20, (i) -> 0);
			for (int i = 0; i < effort.repetitions(); i++) {
				sleeps.add(size / Pools.echo(pool, size, (k) -> SLEEP_MILLIS));
			}
		}
		Samples bareSleeps = bareSleeps(size, effort);
		Samples emptyLaunch = Samples.of(launchEmpty(size));
		String note = (size < wanted) ? "only " + size + " workers: there is no memory for more" : size + " workers";
		return List.of(
				Result.of(name() + "-sleeps", "s", sleeps)
					.limit("bare JVMs", bareSleeps)
					.target("≤ 0.25 s", sleeps.median() <= 0.25)
					.note(note),
				Result.of(name() + "-launch", "s", launch).limit("empty mains", emptyLaunch),
				Result.of(name() + "-launching-at-once", "processes", atOnce)
					.target("≤ 8", atOnce.max() <= MOST_LAUNCHES));
	}

	/** Not in turns with the pool: there is no memory for twice as many JVMs. */
	private static Samples bareSleeps(int count, Effort effort) throws Exception {
		Samples samples = new Samples();
		try (RawSleep raw = new RawSleep(count)) {
			for (int i = 0; i < 20; i++) {
				raw.seconds(0);
			}
			for (int i = 0; i < effort.repetitions(); i++) {
				samples.add(raw.seconds(SLEEP_MILLIS));
			}
		}
		return samples;
	}

	private static double mostLaunching(ProcessPool<?, ?> pool, AtomicBoolean ready) {
		long most = 0;
		while (!ready.get()) {
			most = Math.max(most, pool.stats()
				.workers()
				.stream()
				.filter((worker) -> worker.pid() > 0
						&& (worker.state() == WorkerState.LAUNCHING || worker.state() == WorkerState.HANDSHAKING))
				.count());
			try {
				Thread.sleep(25);
			}
			catch (InterruptedException ex) {
				return most;
			}
		}
		return most;
	}

	private static double launchEmpty(int count) throws Exception {
		Deque<Process> running = new ArrayDeque<>();
		long begin = System.nanoTime();
		for (int i = 0; i < count; i++) {
			if (running.size() == MOST_LAUNCHES) {
				running.removeFirst().waitFor();
			}
			running.addLast(EmptyMain.start());
		}
		for (Process process : running) {
			process.waitFor();
		}
		return (System.nanoTime() - begin) / NANOS;
	}

}
