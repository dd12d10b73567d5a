package io.vimap.dispatch;

import java.util.Iterator;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Pulls the inputs of a run on a thread of its own, so that an input that is long in
 * coming holds back no result.
 */
final class InputFeeder implements Runnable {

	private final ImapRun run;

	private final Iterator<?> inputs;

	/** Written by the consumer. */
	private volatile boolean stopped;

	/** The feeding thread, while it waits for room. */
	private volatile @Nullable Thread waiting;

	InputFeeder(ImapRun run, Iterator<?> inputs) {
		this.run = run;
		this.inputs = inputs;
	}

	@Override
	public void run() {
		while (!this.stopped && !this.run.inputEnded()) {
			this.run.pull(this.inputs, () -> this.stopped);
			this.run.wake();
			awaitRoom();
		}
		this.run.wake();
	}

	private void awaitRoom() {
		this.waiting = Thread.currentThread();
		while (!this.stopped && !this.run.inputEnded() && this.run.room() <= 0) {
			LockSupport.park(this);
			if (Thread.interrupted()) {
				this.run.feederInterrupted();
			}
		}
		this.waiting = null;
	}

	/** Called by the consumer. */
	void roomMade() {
		Thread thread = this.waiting;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
	}

	/** Called by the consumer. */
	void stop() {
		this.stopped = true;
		roomMade();
	}

}
