package io.vimap.pool;

import java.time.Duration;

/**
 * How far a run has come.
 *
 * @param pulled inputs pulled so far
 * @param succeeded results taken by the consumer that were outputs
 * @param failed results taken by the consumer that were failures
 * @param elapsed time since the terminal call was first read
 * @param done whether this is the last report
 */
public record Progress(long pulled, long succeeded, long failed, Duration elapsed, boolean done) {

	/**
	 * Returns the number of results taken by the consumer.
	 * @return succeeded and failed ones
	 */
	public long finished() {
		return this.succeeded + this.failed;
	}

	/**
	 * Returns the mean rate since the start.
	 * @return results per second; 0 before any time has passed
	 */
	public double perSecond() {
		long nanos = this.elapsed.toNanos();
		return (nanos > 0) ? finished() * 1e9 / nanos : 0;
	}

}
