package io.vimap.pool;

import java.time.Duration;
import java.util.List;

/**
 * The task ran longer than it may. Tells which limit it was, and what the task was doing
 * at that moment.
 */
public final class TaskTimeoutException extends VimapException {

	private static final long serialVersionUID = 1L;

	private final TaskLocation location;

	private final String property;

	private final Duration timeout;

	private final Duration elapsed;

	private final String stack;

	private final List<Attempt> attempts;

	/**
	 * Creates an exception for one task that ran out of time.
	 * @param location which task, and where it ran last
	 * @param property the property or method that set the limit
	 * @param timeout the limit
	 * @param elapsed how long it had run when it was given up
	 * @param stack the stack of the task's thread at the deadline, one frame per line;
	 * empty if the process did not answer
	 * @param attempts all attempts at this task, the last one included
	 */
	public TaskTimeoutException(TaskLocation location, String property, Duration timeout, Duration elapsed,
			String stack, List<Attempt> attempts) {
		super(location.pool(), message(location, property, timeout, elapsed, stack, attempts), null);
		this.location = location;
		this.property = property;
		this.timeout = timeout;
		this.elapsed = elapsed;
		this.stack = stack;
		this.attempts = List.copyOf(attempts);
	}

	private static String message(TaskLocation location, String property, Duration timeout, Duration elapsed,
			String stack, List<Attempt> attempts) {
		StringBuilder text = new StringBuilder(location.toString());
		text.append(" ran longer than ")
			.append(property)
			.append(" allows: limit ")
			.append(timeout.toMillis())
			.append(" ms, elapsed ")
			.append(elapsed.toMillis())
			.append(" ms");
		if (stack.isEmpty()) {
			text.append("; the process did not answer when asked for the task's stack");
		}
		else {
			text.append("\n  the task at its deadline:\n    ").append(stack.stripTrailing().replace("\n", "\n    "));
		}
		Attempt.describe(attempts, text);
		return text.toString();
	}

	/**
	 * Returns which task ran out of time and where it ran last.
	 * @return the location
	 */
	public TaskLocation location() {
		return this.location;
	}

	/**
	 * Returns the name of the property or method that set the limit.
	 * @return the name, such as {@code task-timeout}
	 */
	public String property() {
		return this.property;
	}

	/**
	 * Returns the limit.
	 * @return the time the task was allowed
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * Returns how long the task had run when it was given up.
	 * @return the elapsed time
	 */
	public Duration elapsed() {
		return this.elapsed;
	}

	/**
	 * Returns the stack of the task's thread at its deadline.
	 * @return one frame per line; empty if the process did not answer
	 */
	public String stack() {
		return this.stack;
	}

	/**
	 * Returns all attempts at the task, oldest first, the last one included.
	 * @return an immutable list, not empty
	 */
	public List<Attempt> attempts() {
		return this.attempts;
	}

}
