package io.vimap.launch;

/**
 * Decides which of a child's lines reach the listener: all of them, until the child
 * prints faster than anyone reads. A token bucket; once it is empty, nothing passes for
 * one second, so that the dropped lines are announced once a second and not after every
 * line that passes.
 * <p>
 * Pure: the time is passed in. Used by the two pumps of one child, hence synchronized.
 */
final class OutputLimit {

	/** Lines that pass at once. */
	static final int BURST = 10_000;

	/** Lines that pass per second thereafter. */
	static final int LINES_PER_SECOND = 2_000;

	private static final long NANOS_PER_SECOND = 1_000_000_000;

	/**
	 * A listener call that takes longer costs more than one token, so that a slow
	 * listener takes at most a quarter of the time of the thread that drains the pipe.
	 */
	private static final long NANOS_PER_TOKEN = NANOS_PER_SECOND / LINES_PER_SECOND / 4;

	/** Guarded by this. */
	private double tokens = BURST;

	/** When tokens were last added. Guarded by this. */
	private long refilled;

	/** Whether nothing passes at present. Guarded by this. */
	private boolean shut;

	/** When it was shut. Guarded by this. */
	private long shutSince;

	/** Lines dropped since it was shut. Guarded by this. */
	private long dropped;

	OutputLimit(long now) {
		this.refilled = now;
	}

	/**
	 * Tells whether a line passes, and counts it as dropped if not.
	 * @param now the time in nanoseconds
	 * @return whether the listener is to see the line
	 */
	synchronized boolean admit(long now) {
		if (this.shut && now - this.shutSince >= NANOS_PER_SECOND) {
			this.shut = false;
		}
		if (!this.shut) {
			this.tokens = Math.min(BURST,
					this.tokens + (double) (now - this.refilled) * LINES_PER_SECOND / NANOS_PER_SECOND);
			this.refilled = now;
			if (this.tokens >= 1) {
				this.tokens -= 1;
				return true;
			}
			this.shut = true;
			this.shutSince = now;
		}
		this.dropped++;
		return false;
	}

	/**
	 * Takes the time that the listener needed for a line into account.
	 * @param nanos how long it took
	 */
	synchronized void charge(long nanos) {
		this.tokens -= (double) nanos / NANOS_PER_TOKEN;
	}

	/**
	 * Returns the number of lines dropped since it was last asked, and begins anew.
	 * @return the number of lines
	 */
	synchronized long takeDropped() {
		long taken = this.dropped;
		this.dropped = 0;
		return taken;
	}

}
