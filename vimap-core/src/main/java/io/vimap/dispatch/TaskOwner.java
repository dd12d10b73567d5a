package io.vimap.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * Who waits for tasks: one future, or one run of an imap.
 */
interface TaskOwner {

	/**
	 * Takes a finished task. Called with the dispatcher's lock held, exactly once per
	 * task that was not taken back.
	 * @param task the task with its outcome
	 * @return what is to be done for it after the lock has been released, or {@code null}
	 */
	@Nullable Runnable finished(Task task);

	/**
	 * Says whether nobody waits any more. Called with the dispatcher's lock held.
	 * @return whether tasks that have not begun can be dropped
	 */
	boolean abandoned();

	/**
	 * Says whether a task that has begun is to be interrupted. Called with the
	 * dispatcher's lock held.
	 * @return whether its caller has cancelled it
	 */
	boolean unwanted();

	/**
	 * Returns how long a task may run.
	 * @return nanoseconds, 0 for without limit
	 */
	long timeoutNanos();

	/**
	 * Returns what set that limit.
	 * @return the name of the property or method
	 */
	String timeoutProperty();

}
