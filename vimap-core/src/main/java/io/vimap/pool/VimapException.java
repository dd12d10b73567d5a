package io.vimap.pool;

import org.jspecify.annotations.Nullable;

/**
 * The base of all exceptions a pool throws to its callers. They can be serialized with
 * all they tell, unless something that user code threw can't be.
 */
public abstract class VimapException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String pool;

	/**
	 * Creates an exception.
	 * @param pool the name of the pool
	 * @param message what happened, and what to do
	 * @param cause what brought it about, or {@code null}
	 */
	protected VimapException(String pool, String message, @Nullable Throwable cause) {
		super(message, cause);
		this.pool = pool;
	}

	/**
	 * Returns the name of the pool.
	 * @return the pool's name
	 */
	public final String pool() {
		return this.pool;
	}

}
