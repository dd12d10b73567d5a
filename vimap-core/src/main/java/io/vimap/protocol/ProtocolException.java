package io.vimap.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The bytes are not what both sides agreed on, or a value cannot be turned into such
 * bytes. The message says what was found and what was expected.
 */
public final class ProtocolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception without a cause.
	 * @param message what was found and what was expected
	 */
	public ProtocolException(String message) {
		super(message);
	}

	/**
	 * Creates an exception.
	 * @param message what was found and what was expected
	 * @param cause why
	 */
	public ProtocolException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
