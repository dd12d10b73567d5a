package io.vimap.dispatch;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Time that passes when the test says so, and what is due then, on the test's thread.
 */
final class ManualScheduler implements Scheduler {

	private record Planned(long due, long order, Runnable action) {
	}

	private final PriorityQueue<Planned> planned = new PriorityQueue<>(
			Comparator.comparingLong(Planned::due).thenComparingLong(Planned::order));

	private long now = 1_000_000_000_000L;

	private long lastOrder;

	boolean closed;

	@Override
	public long nanoTime() {
		return this.now;
	}

	@Override
	public void after(long nanos, Runnable action) {
		if (!this.closed) {
			this.planned.add(new Planned(this.now + nanos, ++this.lastOrder, action));
		}
	}

	@Override
	public boolean isOwnThread() {
		return false;
	}

	@Override
	public void close() {
		this.closed = true;
		this.planned.clear();
	}

	/** Lets time pass, and what is due happen when it is due. */
	void pass(long nanos) {
		long end = this.now + nanos;
		Planned next;
		while ((next = this.planned.peek()) != null && next.due() <= end) {
			this.planned.remove();
			this.now = Math.max(this.now, next.due());
			next.action().run();
		}
		this.now = end;
	}

	/** This process does not run for a while: what is due meanwhile does not happen. */
	void standStill(long nanos) {
		this.now += nanos;
	}

}
