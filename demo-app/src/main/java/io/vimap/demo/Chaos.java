package io.vimap.demo;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;

/**
 * Kills worker processes with SIGKILL, one after the other, behind the pool's back: it
 * goes by process id to the operating system, as {@code kill -9} does.
 */
final class Chaos implements AutoCloseable {

	private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "chaos");
		thread.setDaemon(true);
		return thread;
	});

	private final ProcessPool<?, ?> pool;

	private final AtomicLong kills = new AtomicLong();

	private Chaos(ProcessPool<?, ?> pool) {
		this.pool = pool;
	}

	static Chaos start(ProcessPool<?, ?> pool, Duration interval) {
		Chaos chaos = new Chaos(pool);
		chaos.clock.scheduleAtFixedRate(chaos::kill, interval.toNanos() / 2, interval.toNanos(), TimeUnit.NANOSECONDS);
		return chaos;
	}

	private void kill() {
		// One that works: a pool whose newcomers are all killed before they begin would
		// get nowhere
		List<WorkerInfo> working = this.pool.stats()
			.workers()
			.stream()
			.filter((worker) -> worker.state() == WorkerState.READY)
			.toList();
		if (!working.isEmpty()) {
			WorkerInfo victim = working.get((int) (this.kills.get() % working.size()));
			ProcessHandle.of(victim.pid())
				.filter(ProcessHandle::destroyForcibly)
				.ifPresent((killed) -> this.kills.incrementAndGet());
		}
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
