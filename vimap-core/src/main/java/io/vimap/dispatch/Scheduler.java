package io.vimap.dispatch;

/**
 * The time of a dispatcher, and the thread on which it does what has its time.
 */
interface Scheduler {

	/**
	 * Returns the time, as {@link System#nanoTime()} does. Any thread.
	 * @return nanoseconds since some moment
	 */
	long nanoTime();

	/**
	 * Runs something later, one action after the other, in the order of their times. Any
	 * thread; never runs it at once.
	 * @param nanos how much later, at least 0
	 * @param action what to run; it may take its time
	 */
	void after(long nanos, Runnable action);

	/**
	 * Tells whether the current thread is one of the pool's own, which bring answers and
	 * must not wait for them. Any thread.
	 * @return whether the pool needs this thread to go on
	 */
	boolean isOwnThread();

	/**
	 * Drops all that is planned, and all that would be. Any thread.
	 */
	void close();

}
