package io.vimap.pool;

/**
 * The pool has been closed, or was closed before the task could run.
 */
public final class PoolClosedException extends VimapException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception for a closed pool.
	 * @param pool the pool's name
	 * @param message what was asked of it
	 */
	public PoolClosedException(String pool, String message) {
		super(pool, message, null);
	}

}
