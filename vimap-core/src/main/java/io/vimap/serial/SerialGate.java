package io.vimap.serial;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

import io.vimap.pool.PoolState;
import io.vimap.supervision.PoolStatus;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the tasks of a serial pool back while none may begin: before it has started, and
 * while it is paused. Any thread.
 */
final class SerialGate {

	private final PoolStatus status;

	/** Notified when tasks may begin, or are refused, or an input has been pulled. */
	private final Object lock = new Object();

	/** Guarded by the lock. */
	private boolean paused;

	/** Guarded by the lock: submitted while no task may begin. */
	private final Deque<Runnable> waiting = new ArrayDeque<>();

	SerialGate(PoolStatus status) {
		this.status = status;
	}

	void paused(boolean paused) {
		synchronized (this.lock) {
			this.paused = paused;
		}
	}

	boolean isPaused() {
		synchronized (this.lock) {
			return this.paused;
		}
	}

	/** How many tasks are kept back. */
	int waiting() {
		synchronized (this.lock) {
			return this.waiting.size();
		}
	}

	/**
	 * Keeps a task back, if it must not begin now.
	 * @param task what runs it
	 * @return whether it is kept back
	 */
	boolean keep(Runnable task) {
		synchronized (this.lock) {
			return isShut() && this.waiting.add(task);
		}
	}

	/** Takes the first of the tasks that are kept back and may begin, if there is one. */
	@Nullable Runnable poll() {
		synchronized (this.lock) {
			return isShut() ? null : this.waiting.poll();
		}
	}

	/** Something has happened that somebody may wait for. */
	void stateChanged() {
		synchronized (this.lock) {
			this.lock.notifyAll();
		}
	}

	/**
	 * Waits until tasks may begin, or are refused.
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void awaitOpen() throws InterruptedException {
		await(() -> !isShut());
	}

	/**
	 * Waits until something is so.
	 * @param condition looks whether it is; {@link #stateChanged} is called when it is
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void await(BooleanSupplier condition) throws InterruptedException {
		synchronized (this.lock) {
			while (!condition.getAsBoolean()) {
				this.lock.wait();
			}
		}
	}

	/** The lock is held. */
	private boolean isShut() {
		PoolState now = this.status.state();
		return now == PoolState.NEW || now == PoolState.STARTING || this.paused && now == PoolState.RUNNING;
	}

}
