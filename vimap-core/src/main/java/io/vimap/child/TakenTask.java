package io.vimap.child;

import io.vimap.protocol.FrameInput;

/**
 * The task that was taken last. One object for all of them, so that none is allocated per
 * task. Task thread only.
 */
final class TakenTask {

	private final FrameInput body = new FrameInput();

	private long number;

	private boolean awaited;

	private int behind;

	private long nanos;

	/**
	 * Becomes the next task.
	 * @param newNumber its number
	 * @param wasAwaited whether it had to be waited for
	 * @param newBehind how many have arrived after it
	 */
	void become(long newNumber, boolean wasAwaited, int newBehind) {
		this.number = newNumber;
		this.awaited = wasAwaited;
		this.behind = newBehind;
	}

	/**
	 * Returns what is in its frame behind the number.
	 * @return where to read it
	 */
	FrameInput body() {
		return this.body;
	}

	/**
	 * Returns its number.
	 * @return a number that is larger than those before
	 */
	long number() {
		return this.number;
	}

	/**
	 * Says whether it had to be waited for.
	 * @return {@code false} if it was there already
	 */
	boolean wasAwaited() {
		return this.awaited;
	}

	/**
	 * Has been run.
	 * @param ranNanos how long it took
	 */
	void ended(long ranNanos) {
		this.nanos = ranNanos;
	}

	/**
	 * Returns how long the last task took that has been run.
	 * @return nanoseconds, 0 before the first task
	 */
	long nanos() {
		return this.nanos;
	}

	/**
	 * Returns how many tasks waited when it was taken.
	 * @return the number of tasks behind it
	 */
	int behind() {
		return this.behind;
	}

}
