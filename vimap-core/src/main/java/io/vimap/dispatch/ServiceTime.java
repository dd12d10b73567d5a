package io.vimap.dispatch;

/**
 * Chooses how many tasks a worker may hold: as many as it works off in a few
 * milliseconds, so that it never waits for the socket, and no more, so that nothing waits
 * behind a slow task for no reason. Guarded by the dispatcher's lock.
 */
final class ServiceTime {

	/** Work that is worth holding: a little more than a time slice of a busy machine. */
	private static final double LOOK_AHEAD_NANOS = 4_000_000;

	/** The most bytes of inputs and outputs that a window may stand for. */
	private static final double MOST_BYTES = 1024 * 1024;

	private static final int MOST_TASKS = 2048;

	/** What takes less is done in less time than it takes to send a task on its own. */
	private static final double QUICK_NANOS = 20_000;

	/** What takes less is no straggler. */
	private static final double STRAGGLER_NANOS = 100_000_000;

	/** How many times as long as the mean a straggler takes. */
	private static final double STRAGGLER_FACTOR = 4;

	/** The share that one batch has in the mean, at least. */
	private static final double NEWEST = 0.25;

	private double meanNanos = -1;

	private double meanBytes;

	void add(int tasks, long nanos, long bytes) {
		// After one that hung for a minute, a second is not what is to be expected.
		double batchNanos = Math.min((double) nanos / tasks, longest());
		double batchBytes = (double) bytes / tasks;
		if (this.meanNanos < 0) {
			this.meanNanos = batchNanos;
			this.meanBytes = batchBytes;
		}
		else {
			this.meanNanos += NEWEST * (batchNanos - this.meanNanos);
			this.meanBytes += NEWEST * (batchBytes - this.meanBytes);
		}
	}

	/** Whether a task takes hardly any time, as far as is known. */
	boolean isQuick() {
		return this.meanNanos >= 0 && this.meanNanos < QUICK_NANOS;
	}

	/** Whether a task that has run for so long takes much longer than others do. */
	boolean isStraggler(long nanos) {
		return nanos >= longest();
	}

	private double longest() {
		return Math.max(STRAGGLER_NANOS, STRAGGLER_FACTOR * this.meanNanos);
	}

	/** How many tasks to hold beyond the running one. */
	int prefetch() {
		if (this.meanNanos < 0) {
			return 1;
		}
		double byTime = LOOK_AHEAD_NANOS / Math.max(this.meanNanos, 1);
		double byBytes = MOST_BYTES / Math.max(this.meanBytes, 1);
		return (int) Math.max(1, Math.min(MOST_TASKS - 1, Math.min(byTime, byBytes)));
	}

}
