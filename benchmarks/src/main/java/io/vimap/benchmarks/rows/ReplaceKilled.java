package io.vimap.benchmarks.rows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;

import io.vimap.benchmarks.Effort;
import io.vimap.benchmarks.Result;
import io.vimap.benchmarks.Row;
import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.workers.PidWorker;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;

/**
 * The only worker is killed with SIGKILL: how long until its successor has answered a
 * task? With a spare, and without, where the limit is how long a launch takes.
 */
public final class ReplaceKilled implements Row {

	private static final double MOST_MILLIS = 20;

	private static final double NANOS_PER_MILLI = 1e6;

	@Override
	public String name() {
		return "replace-killed";
	}

	@Override
	public List<Result> measure(Effort effort) throws Exception {
		int kills = effort.pick(4, 1) * effort.repetitions();
		Samples launch = new Samples();
		PoolListener listener = new PoolListener() {

			@Override
			public synchronized void onWorkerReady(String pool, int index, long pid, Duration startTime) {
				launch.add(startTime.toNanos() / NANOS_PER_MILLI);
			}

		};
		Samples withSpare = new Samples();
		Samples without = new Samples();
		try (ProcessPool<Integer, Long> spared = Pools.ready(PidWorker.class, 1, often().spares(1));
				ProcessPool<Integer, Long> plain = Pools.ready(PidWorker.class, 1,
						often().listeners(List.of(listener)))) {
			for (int i = 0; i < kills + 1; i++) {
				double spareMillis = killAndServe(spared, 1);
				double plainMillis = killAndServe(plain, 0);
				// The first ones run code that is not loaded yet.
				if (i > 0) {
					withSpare.add(spareMillis);
					without.add(plainMillis);
				}
			}
		}
		synchronized (listener) {
			return List.of(
					Result.of(name() + "-spare", "ms", withSpare)
						.target("p50 ≤ 20 ms", withSpare.median() <= MOST_MILLIS),
					Result.of(name() + "-no-spare", "ms", without)
						.limit("launch to ready", launch)
						.target("≤ launch + 20 ms", without.median() <= launch.median() + MOST_MILLIS));
		}
	}

	/** One pool is killed more often here than any would survive in real life. */
	private static PoolOptions.Builder often() {
		return PoolOptions.builder().restartIntensity(1_000).restartBackoff(Duration.ZERO);
	}

	private static double killAndServe(ProcessPool<Integer, Long> pool, int spares) throws Exception {
		while (pool.stats().spares() < spares || pool.stats().ready() < 1) {
			Thread.sleep(5);
		}
		// Let start-up's aftermaths pass.
		Thread.sleep(300);
		long old = pool.submit(0).get();
		ProcessHandle victim = ProcessHandle.of(old).orElseThrow();
		long begin = System.nanoTime();
		victim.destroyForcibly();
		while (served(pool, old) == old) {
			continue;
		}
		return (System.nanoTime() - begin) / NANOS_PER_MILLI;
	}

	private static long served(ProcessPool<Integer, Long> pool, long old) throws Exception {
		try {
			return pool.submit(0).get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof WorkerCrashedException) {
				return old;
			}
			throw ex;
		}
	}

}
