package io.vimap.pool;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for an exception of a child process whose class cannot be rebuilt safely in
 * this process: it is not on the class path here, or has no constructor that takes its
 * message. Bears the original's class name, message, frames, causes and suppressed
 * exceptions.
 */
public final class StandInException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String className;

	/**
	 * Creates a stand-in.
	 * @param className the class name of the original
	 * @param message the original's message
	 * @param cause the original's cause, rebuilt
	 */
	public StandInException(String className, @Nullable String message, @Nullable Throwable cause) {
		super(message, cause);
		this.className = className;
	}

	/**
	 * Returns the name of the class this exception stands in for.
	 * @return the fully qualified class name
	 */
	public String className() {
		return this.className;
	}

	@Override
	@SuppressWarnings("OverrideThrowableToString") // what differs is the class name
	public String toString() {
		String message = getLocalizedMessage();
		return (message != null) ? this.className + ": " + message : this.className;
	}

}
