package io.vimap.pool;

import java.util.List;

/**
 * The worker process ended while it ran the task: it crashed, exited or was killed. Tells
 * how and what it said last.
 */
public final class WorkerCrashedException extends VimapException {

	private static final long serialVersionUID = 1L;

	private final TaskLocation location;

	private final WorkerExit exit;

	private final List<Attempt> attempts;

	/**
	 * Creates an exception for one task that took its worker down.
	 * @param location which task, and where it ran last
	 * @param exit how the worker ended
	 * @param attempts all attempts at this task, the last one included
	 */
	public WorkerCrashedException(TaskLocation location, WorkerExit exit, List<Attempt> attempts) {
		super(location.pool(), message(location, exit, attempts),
				(exit.failure() != null) ? exit.failure().value() : null);
		this.location = location;
		this.exit = exit;
		this.attempts = List.copyOf(attempts);
	}

	private static String message(TaskLocation location, WorkerExit exit, List<Attempt> attempts) {
		StringBuilder text = new StringBuilder(location.toString());
		text.append(" was lost after ")
			.append(attempts.size())
			.append((attempts.size() == 1) ? " attempt" : " attempts")
			.append(" (retry.max-attempts): ")
			.append(exit.explanation());
		Attempt.describe(attempts, text);
		return text.toString();
	}

	/**
	 * Returns which task was lost and where it ran last.
	 * @return the location
	 */
	public TaskLocation location() {
		return this.location;
	}

	/**
	 * Returns how the worker ended.
	 * @return everything that is known about the end
	 */
	public WorkerExit exit() {
		return this.exit;
	}

	/**
	 * Returns all attempts at the task, oldest first, the last one included.
	 * @return an immutable list, not empty
	 */
	public List<Attempt> attempts() {
		return this.attempts;
	}

}
