package io.vimap.pool;

/**
 * The life of a pool: {@code NEW → STARTING → RUNNING → STOPPING → TERMINATED}. The
 * restart limit leads to {@code FAILED}, from which {@link ProcessPool#resume} goes back
 * to {@code STARTING}.
 */
public enum PoolState {

	/** Created, no process forked yet. */
	NEW,

	/** Processes are being forked; none has been ready yet. */
	STARTING,

	/** At least one process has been ready; dead ones are being replaced. */
	RUNNING,

	/** Closing: accepted tasks are finished, then processes are stopped. */
	STOPPING,

	/** Closed; nothing is left. */
	TERMINATED,

	/** The restart limit was hit: no process is alive, callers fail at once. */
	FAILED

}
