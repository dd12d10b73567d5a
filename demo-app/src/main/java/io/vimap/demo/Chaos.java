package io.vimap.demo;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

	private final Thread thread = new Thread(this::run, "chaos");

	private final ProcessPool<?, ?> pool;

	private final Duration interval;

	private final AtomicLong kills = new AtomicLong();

	private Chaos(ProcessPool<?, ?> pool, Duration interval) {
		this.pool = pool;
		this.interval = interval;
	}

	static Chaos start(ProcessPool<?, ?> pool, Duration interval) {
		Chaos chaos = new Chaos(pool, interval);
		chaos.thread.setDaemon(true);
		chaos.thread.start();
		return chaos;
	}

	private void run() {
		try {
			while (true) {
				Duration pause = LOOK_EVERY;
				if (victim().map(Chaos::kill).orElse(false)) {
					this.kills.incrementAndGet();
					pause = this.interval;
				}
				Thread.sleep(pause.toMillis());
			}
		}
		catch (InterruptedException ex) {
			// The end of the storm
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
		return working.stream().filter((worker) -> worker.tasks() > 0).max(Comparator.comparingLong(WorkerInfo::tasks));
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
		this.thread.interrupt();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
