package io.vimap.dispatch;

import java.util.concurrent.ThreadLocalRandom;

import io.vimap.pool.PoolOptions;

/**
 * How many tasks one worker may still get before it is replaced
 * ({@code max-tasks-per-worker}, a little less by chance). Guarded by the dispatcher's
 * lock.
 */
final class TaskBudget {

	private long allowed;

	/** Well before the limit, so that the successor is ready when it is reached. */
	private final long warnAt;

	private long used;

	private boolean warned;

	TaskBudget(PoolOptions options) {
		Integer most = options.maxTasksPerWorker();
		double early = options.jitter() * ThreadLocalRandom.current().nextDouble();
		this.allowed = (most != null) ? Math.max(1, Math.round(most * (1 - early))) : Long.MAX_VALUE;
		this.warnAt = this.allowed - this.allowed / 5;
	}

	long left() {
		return this.allowed - this.used;
	}

	/**
	 * Takes tasks off.
	 * @param tasks how many
	 * @return whether it is time to ask for a successor; only once
	 */
	boolean use(int tasks) {
		this.used += tasks;
		boolean time = this.used >= this.warnAt && !this.warned;
		this.warned |= time;
		return time;
	}

	/** Nobody can take the worker's place: better one that lives on than none. */
	void lift() {
		this.allowed = Long.MAX_VALUE;
	}

	/** These were not begun. */
	void giveBack(int tasks) {
		this.used -= tasks;
	}

}
