package io.vimap.dispatch;

/**
 * Who waits for tasks: one future, or one run of an imap.
 */
interface TaskOwner {

	/**
	 * Hears that one of its tasks now waits for a worker. Called with the dispatcher's
	 * lock held.
	 * @param task the task
	 */
	default void accepted(Task task) {
	}

	/**
	 * Takes a finished task. Called with the dispatcher's lock held, exactly once per
	 * task that was not taken back.
	 * @param task the task with its outcome
	 * @param turn takes what is to be done for it after the lock has been released
	 */
	void finished(Task task, Turn turn);

	/**
	 * Hears that workers have come or gone or that the pool has changed its state. Only
	 * those hear it that {@link TaskDispatcher#watch watch}; no lock is held.
	 */
	default void poolChanged() {
	}

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
