package io.vimap.protocol;

/**
 * The other side sent something that this protocol does not allow.
 */
public final class ProtocolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message what was found and what is allowed
	 */
	public ProtocolException(String message) {
		super(message);
	}

	/**
	 * Creates an exception.
	 * @param message what was found and what is allowed
	 * @param cause what failed while reading it
	 */
	public ProtocolException(String message, Throwable cause) {
		super(message, cause);
	}

}
