package io.vimap.pool;

import org.jspecify.annotations.Nullable;

/**
 * A worker process could not be started, created or initialized. The cause is the root of
 * it where the child could tell.
 */
public final class WorkerStartException extends VimapException {

	private static final long serialVersionUID = 1L;

	private final @Nullable WorkerExit exit;

	/**
	 * Creates an exception for one worker that could not start.
	 * @param exit how its start ended
	 */
	public WorkerStartException(WorkerExit exit) {
		super(exit.pool(), "could not start: " + exit.explanation(),
				(exit.failure() != null) ? exit.failure().value() : null);
		this.exit = exit;
	}

	/**
	 * Creates an exception for workers that were not ready in time.
	 * @param pool the pool's name
	 * @param message what was waited for, and for how long
	 */
	public WorkerStartException(String pool, String message) {
		super(pool, message, null);
		this.exit = null;
	}

	/**
	 * Returns how the start ended.
	 * @return the exit, or {@code null} if no worker has ended
	 */
	public @Nullable WorkerExit exit() {
		return this.exit;
	}

}
