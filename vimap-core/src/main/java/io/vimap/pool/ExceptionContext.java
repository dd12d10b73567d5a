package io.vimap.pool;

import java.io.Serializable;
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
public record ExceptionContext(Throwable value, String formattedTraceback) implements Serializable {

	/** Causes may form a ring. */
	private static final int DEEPEST = 100;

	public ExceptionContext {
		Objects.requireNonNull(value, "'value' must not be null");
		Objects.requireNonNull(formattedTraceback, "'formattedTraceback' must not be null");
	}

	/**
	 * Describes the failure of a task as vimap shows it.
	 * @param failure the exception a caller is told
	 * @return what the worker threw if it did, else the failure itself and what it says,
	 * causes included
	 */
	public static ExceptionContext of(Throwable failure) {
		if (failure instanceof WorkerException thrown) {
			return thrown.context();
		}
		StringBuilder text = new StringBuilder(failure.toString());
		Throwable cause = failure;
		for (int depth = 0; (cause = cause.getCause()) != null && depth < DEEPEST; depth++) {
			text.append("\nCaused by: ").append(cause);
		}
		return new ExceptionContext(failure, text.append('\n').toString());
	}

	/**
	 * Returns the name of the class that the exception had where it was thrown.
	 * @return the fully qualified class name
	 */
	public String className() {
		return (this.value instanceof StandInException standIn) ? standIn.className() : this.value.getClass().getName();
	}

}
