package io.vimap.pool;

import org.jspecify.annotations.Nullable;

/**
 * An input or an output could not be encoded or decoded, or is larger than
 * {@code max-payload}. Only its own task fails.
 */
public final class PayloadException extends VimapException {

	private static final long serialVersionUID = 1L;

	private final TaskLocation location;

	/**
	 * Creates an exception for one value.
	 * @param location which task, and where it was
	 * @param message which value (input or output), of which type, at which path, how
	 * large, and what is allowed
	 * @param cause what the codec threw
	 */
	public PayloadException(TaskLocation location, String message, @Nullable Throwable cause) {
		super(location.pool(), location + ": " + message, cause);
		this.location = location;
	}

	/**
	 * Returns which task the value belongs to.
	 * @return the location
	 */
	public TaskLocation location() {
		return this.location;
	}

}
