package io.vimap.demo;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;

/**
 * Kills worker processes with SIGKILL, behind the pool's back: it goes by process id to
 * the operating system, as {@code kill -9} does. The first dies as soon as it has
 * answered a request.
 */
final class Chaos implements AutoCloseable {

	private static final Duration LOOK_EVERY = Duration.ofMillis(20);

	private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "chaos");
		thread.setDaemon(true);
		return thread;
	});

	private final ProcessPool<?, ?> pool;

	private final Duration interval;

	private final AtomicLong kills = new AtomicLong();

	private long nextKill = System.nanoTime();

	private Chaos(ProcessPool<?, ?> pool, Duration interval) {
		this.pool = pool;
		this.interval = interval;
	}

	static Chaos start(ProcessPool<?, ?> pool, Duration interval) {
		Chaos chaos = new Chaos(pool, interval);
		chaos.clock.scheduleWithFixedDelay(chaos::killIfDue, 0, LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
		return chaos;
	}

	private void killIfDue() {
		if (System.nanoTime() - this.nextKill >= 0 && victim().map(Chaos::kill).orElse(false)) {
			this.kills.incrementAndGet();
			this.nextKill = System.nanoTime() + this.interval.toNanos();
		}
	}

	/**
	 * Chooses the worker that has answered most. Not the last one that works: where
	 * starting a JVM takes longer than the interval, nothing would ever be answered.
	 */
	private Optional<WorkerInfo> victim() {
		List<WorkerInfo> workers = this.pool.stats().workers();
		List<WorkerInfo> working = workers.stream().filter((worker) -> worker.state() == WorkerState.READY).toList();
		if (working.size() == 1 && workers.size() > 1) {
			return Optional.empty();
		}
		return working.stream().filter((worker) -> worker.tasks() > 0).max(Comparator.comparing(WorkerInfo::tasks));
	}

	private static boolean kill(WorkerInfo worker) {
		return ProcessHandle.of(worker.pid()).map(ProcessHandle::destroyForcibly).orElse(false);
	}

	/**
	 * Returns how many processes have been killed.
	 * @return the number of kills
	 */
	long kills() {
		return this.kills.get();
	}

	@Override
	public void close() {
		this.clock.shutdown();
		try {
			this.clock.awaitTermination(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
