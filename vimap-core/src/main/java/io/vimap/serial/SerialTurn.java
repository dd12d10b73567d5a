package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The right to have the workers of a serial pool do something, which one thread has at a
 * time. Who has it may take it again. What others are to hear of it they hear when the
 * thread has given it back.
 */
final class SerialTurn {

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private List<Runnable> afterwards = new ArrayList<>();

	void take() {
		this.lock.lock();
	}

	/**
	 * Returns whether it was free, or became so in time. Who is interrupted waits on, and
	 * is interrupted then.
	 */
	boolean take(Duration patience) {
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
		boolean interrupted = Thread.interrupted();
		try {
			while (true) {
				try {
					return this.lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Does something on this thread when it does not have the turn: perhaps at once. */
	void afterwards(Runnable action) {
		if (this.lock.isHeldByCurrentThread()) {
			this.afterwards.add(action);
		}
		else {
			action.run();
		}
	}

	/** Gives back what was taken once. */
	void release() {
		List<Runnable> due = List.of();
		if (this.lock.getHoldCount() == 1) {
			due = this.afterwards;
			this.afterwards = new ArrayList<>();
		}
		this.lock.unlock();
		due.forEach(Runnable::run);
	}

}
