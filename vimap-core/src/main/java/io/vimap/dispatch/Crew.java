package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The ready workers of a pool, and which of them gets what. Guarded by the dispatcher's
 * lock.
 */
final class Crew {

	private final List<WorkerSession> sessions = new ArrayList<>();

	/** Where the next search for an idle worker begins, so that all have their turns. */
	private int next;

	/** The sum of the windows. Written with the lock held. */
	private final AtomicInteger totalWindow = new AtomicInteger();

	List<WorkerSession> sessions() {
		return this.sessions;
	}

	void add(WorkerSession session) {
		this.sessions.add(session);
		windowChanged(session.window().size());
	}

	/** How many tasks have been sent and not been answered. */
	long inFlight() {
		long count = 0;
		for (WorkerSession session : this.sessions) {
			count += session.window().held();
		}
		return count;
	}

	/** Idempotent. */
	void remove(WorkerSession session) {
		if (this.sessions.remove(session)) {
			windowChanged(-session.window().size());
		}
	}

	void windowChanged(int difference) {
		this.totalWindow.addAndGet(difference);
	}

	/** How many tasks all workers together may hold. Any thread. */
	int totalWindow() {
		return this.totalWindow.get();
	}

	/**
	 * Gives what waits to those who have room: idle workers first, then those that hold
	 * least, to each its share.
	 */
	void assign(TaskQueue.RoundRobin waiting, Turn turn) {
		List<Task> share = new ArrayList<>();
		while (waiting.size() > 0) {
			int sharers = 0;
			WorkerSession poorest = null;
			int count = this.sessions.size();
			int start = this.next;
			for (int i = 0; i < count; i++) {
				int at = (start + i) % count;
				WorkerSession session = this.sessions.get(at);
				if (session.room() > 0) {
					sharers++;
					if (poorest == null || session.window().held() < poorest.window().held()) {
						poorest = session;
						this.next = (at + 1) % count;
					}
				}
			}
			if (poorest == null) {
				return;
			}
			int wanted = (int) Math.min(poorest.room(), (waiting.size() + sharers - 1) / sharers);
			waiting.take(wanted, share);
			poorest.give(share, turn);
			share.clear();
		}
	}

	boolean hasIdle() {
		for (WorkerSession session : this.sessions) {
			if (session.window().held() == 0 && session.room() > 0) {
				return true;
			}
		}
		return false;
	}

	boolean hasRecallable() {
		for (WorkerSession session : this.sessions) {
			if (session.isRecallable()) {
				return true;
			}
		}
		return false;
	}

	/** The one that holds most of those whose task has been running for so long. */
	@Nullable WorkerSession busiest(long nanos) {
		WorkerSession busiest = null;
		for (WorkerSession session : this.sessions) {
			if (session.isRecallable() && session.watch().nanos() >= nanos
					&& (busiest == null || session.window().held() > busiest.window().held())) {
				busiest = session;
			}
		}
		return busiest;
	}

}
