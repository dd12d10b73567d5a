package io.vimap.pool;

/**
 * Why a worker process ended. The first specific cause wins.
 */
public enum ExitReason {

	/** Stopped because the pool was closed or made smaller, or has failed. */
	REQUESTED,

	/** Replaced by plan: max tasks, lifetime, memory, or by hand. */
	RECYCLED,

	/** Ended by itself or by a signal while it should have worked. */
	CRASHED,

	/** The worker could not be created or initialized. */
	START_FAILED,

	/** Did not connect within start-timeout or was not ready within init-timeout. */
	START_TIMEOUT,

	/** Killed because its task did not end in time. */
	TASK_TIMEOUT,

	/** Killed because it broke the protocol. */
	PROTOCOL_ERROR

}
