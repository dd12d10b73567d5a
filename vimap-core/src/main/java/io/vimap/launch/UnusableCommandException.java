package io.vimap.launch;

import java.io.IOException;

/**
 * No child can be started with these settings, however often that is tried: the message
 * names the one that is wrong, what was found, and what it must be.
 */
public final class UnusableCommandException extends IOException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an exception.
	 * @param message names the setting, what was found, and what it must be
	 */
	public UnusableCommandException(String message) {
		super(message);
	}

}
