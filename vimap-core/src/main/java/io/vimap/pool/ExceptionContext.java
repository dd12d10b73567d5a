package io.vimap.pool;

import java.util.Objects;

/**
 * An exception that happened in or around a child process, with the traceback as the
 * child would have printed it.
 *
 * @param value the exception: the original class where it can be rebuilt safely in this
 * process, else a {@link StandInException} with its class name, message, frames, causes
 * and suppressed exceptions
 * @param formattedTraceback the traceback as text, causes included
 */
public record ExceptionContext(Throwable value, String formattedTraceback) {

	public ExceptionContext {
		Objects.requireNonNull(value, "'value' must not be null");
		Objects.requireNonNull(formattedTraceback, "'formattedTraceback' must not be null");
	}

	/**
	 * Returns the name of the class that the exception had where it was thrown.
	 * @return the fully qualified class name
	 */
	public String className() {
		return (this.value instanceof StandInException standIn) ? standIn.className() : this.value.getClass().getName();
	}

}
