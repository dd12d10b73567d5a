package io.vimap.benchmarks.spring;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.vimap.pool.PoolListener;

/**
 * Hears how long workers took from launch to ready: what {@code vimap.worker.start}
 * shows. Safe for use by many threads.
 */
public final class StartTimes implements PoolListener {

	private static final long PATIENCE_SECONDS = 60;

	private final BlockingQueue<Duration> times = new LinkedBlockingQueue<>();

	@Override
	public void onWorkerReady(String pool, int index, long pid, Duration startTime) {
		this.times.add(startTime);
	}

	/**
	 * Takes the time of the next worker.
	 * @return the time from launch to ready
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Duration next() throws InterruptedException {
		Duration time = this.times.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		if (time == null) {
			throw new IllegalStateException("no worker has become ready");
		}
		return time;
	}

}
