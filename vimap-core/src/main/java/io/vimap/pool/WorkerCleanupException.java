package io.vimap.pool;

/**
 * The cleanup of a worker ended its process, or did not end in time. (If it throws, that
 * exception itself is reported.) It belongs to no input: all of them have their results.
 */
public final class WorkerCleanupException extends VimapException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception for one worker.
	 * @param pool the pool's name
	 * @param message which worker, and what its cleanup did
	 */
	public WorkerCleanupException(String pool, String message) {
		super(pool, message, null);
	}

}
