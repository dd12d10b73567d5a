package io.vimap.dispatch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Pulls the inputs of a run on a thread of its own, so that an input that is long in
 * coming holds back no result.
 */
final class InputFeeder implements Runnable {

	private final InputPuller puller;

	private final ImapBound bound;

	private final ResultQueue results;

	/** Written by the consumer. */
	private volatile boolean stopped;

	/** The feeding thread, while it waits for room. */
	private volatile @Nullable Thread waiting;

	private final CountDownLatch end = new CountDownLatch(1);

	InputFeeder(InputPuller puller, ImapBound bound, ResultQueue results) {
		this.puller = puller;
		this.bound = bound;
		this.results = results;
	}

	@Override
	public void run() {
		while (!this.stopped && !this.puller.ended()) {
			this.puller.pull(() -> this.stopped);
			this.results.wake();
			awaitRoom();
		}
		this.end.countDown();
		this.results.wake();
	}

	private void awaitRoom() {
		this.waiting = Thread.currentThread();
		while (!this.stopped && !this.puller.ended() && this.bound.room() <= 0) {
			LockSupport.park(this);
			if (Thread.interrupted()) {
				this.puller.interrupted();
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

	/**
	 * Waits until it pulls no more. Called by the consumer.
	 * @param nanos how long at most
	 * @return whether that is so
	 */
	boolean awaitEnd(long nanos) throws InterruptedException {
		return this.end.await(nanos, TimeUnit.NANOSECONDS);
	}

	/** Called by the consumer. */
	void stop() {
		this.stopped = true;
		roomMade();
	}

}
