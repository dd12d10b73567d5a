package io.vimap.pool;

/**
 * How a task ended, as seen by meters.
 */
public enum TaskOutcome {

	/** The worker returned an output. */
	SUCCESS,

	/** The worker threw, or a value could not be encoded or decoded. */
	FAILURE,

	/** The worker process ended while it ran the task. */
	CRASH,

	/** The task ran longer than its timeout. */
	TIMEOUT,

	/** The caller took it back, or the pool was closed or failed. */
	CANCELLED

}
