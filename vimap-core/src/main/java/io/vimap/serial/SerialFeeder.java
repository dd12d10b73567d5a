package io.vimap.serial;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Pulls the inputs of a run on a thread of its own, as a forked pool's feeder does, but
 * each only when it is asked for. The consumer sees it as the iterator.
 */
final class SerialFeeder implements Runnable, Iterator<@Nullable Object> {

	private enum Phase {

		/** Nothing is wanted. */
		IDLE,

		/** The consumer waits for an input. */
		ASKED,

		/** The input is there. */
		PULLED,

		/** There is no next input. */
		ENDED,

		/** The iterator has thrown. */
		FAILED

	}

	private final Iterator<?> inputs;

	private final String pool;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private Phase phase = Phase.IDLE;

	/** Guarded by the lock. */
	private boolean stopped;

	/** Guarded by the lock. */
	private @Nullable Object input;

	/** Guarded by the lock. */
	private @Nullable Throwable failure;

	SerialFeeder(Iterator<?> inputs, String pool) {
		this.inputs = inputs;
		this.pool = pool;
	}

	/** The feeding thread. */
	@Override
	public void run() {
		while (awaitDemand()) {
			Phase outcome = Phase.PULLED;
			Object pulled = null;
			Throwable thrown = null;
			try {
				if (this.inputs.hasNext()) {
					pulled = this.inputs.next();
				}
				else {
					outcome = Phase.ENDED;
				}
			}
			catch (Throwable ex) {
				outcome = Phase.FAILED;
				thrown = ex;
			}
			this.lock.lock();
			try {
				this.input = pulled;
				this.failure = thrown;
				this.phase = outcome;
				this.changed.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	/** Waits for the consumer. Returns whether it wants one more. */
	private boolean awaitDemand() {
		this.lock.lock();
		try {
			while (!this.stopped && this.phase != Phase.ASKED) {
				if (this.phase == Phase.ENDED || this.phase == Phase.FAILED) {
					return false;
				}
				this.changed.await();
			}
			return !this.stopped;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.phase = Phase.FAILED;
			this.failure = new CancellationException(
					"The thread that feeds an imap of pool '" + this.pool + "' was interrupted.");
			this.changed.signalAll();
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The consumer: asks for an input and waits for it. */
	@Override
	public boolean hasNext() {
		this.lock.lock();
		try {
			if (this.phase == Phase.IDLE) {
				this.phase = Phase.ASKED;
				this.changed.signalAll();
			}
			while (this.phase == Phase.ASKED) {
				this.changed.await();
			}
			if (this.failure != null) {
				throw (this.failure instanceof RuntimeException unchecked) ? unchecked
						: new IllegalStateException(this.failure);
			}
			return this.phase == Phase.PULLED;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CancellationException(
					"The thread that reads an imap of pool '" + this.pool + "' was interrupted.");
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The consumer, after {@link #hasNext}. */
	@Override
	public @Nullable Object next() {
		this.lock.lock();
		try {
			if (this.phase != Phase.PULLED) {
				throw new NoSuchElementException();
			}
			Object pulled = this.input;
			this.input = null;
			this.phase = Phase.IDLE;
			return pulled;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The consumer: no more inputs are wanted. */
	void stop() {
		this.lock.lock();
		try {
			this.stopped = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
