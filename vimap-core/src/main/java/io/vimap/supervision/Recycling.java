package io.vimap.supervision;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.vimap.launch.ChildProcess;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * Planned replacement: finds out who is due, and replaces one worker at a time, whose
 * successor is READY before it retires. Supervisor thread only.
 */
final class Recycling {

	private static final long RSS_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final PoolOptions options;

	private final Roster roster;

	private final EventQueue queue;

	private final WorkerSupply supply;

	private final WorkerEnding ending;

	Recycling(PoolOptions options, Roster roster, EventQueue queue, WorkerSupply supply, WorkerEnding ending) {
		this.options = options;
		this.roster = roster;
		this.queue = queue;
		this.supply = supply;
		this.ending = ending;
	}

	/** Notes that a worker is to be replaced, unless it is on its way out already. */
	void want(WorkerProcess worker, String why) {
		WorkerSlot slot = this.roster.slotOf(worker);
		if (slot != null && slot.occupant == worker && slot.recycle == null) {
			slot.recycle = why;
		}
	}

	/** Starts one successor, unless another one is on its way. */
	void replaceNext() {
		WorkerSlot due = null;
		for (WorkerSlot slot : this.roster.slots()) {
			if (slot.successor != null) {
				return;
			}
			if (due == null && slot.recycle != null && slot.occupant != null
					&& slot.occupant.state() == WorkerState.READY && !slot.isPaused(this.queue.now())) {
				due = slot;
			}
		}
		if (due != null) {
			due.successor = this.supply.find(due);
		}
	}

	/**
	 * A successor is READY: the seat is its own, and the old occupant's time is over, if
	 * that has not ended its connection itself.
	 */
	void handOver(WorkerSlot slot) {
		WorkerProcess old = slot.occupant;
		String why = slot.recycle;
		slot.passOn();
		if (old != null && !old.connectionEnded) {
			this.ending.retire(old, ExitReason.RECYCLED, (why != null) ? why : "");
		}
	}

	/**
	 * Says whether a fresh worker is within its limits.
	 * @return why it can't live within them, {@code null} if it can
	 */
	@Nullable String misfit(WorkerProcess worker) {
		Long limit = this.options.maxRss();
		ChildProcess child = worker.child();
		if (limit == null || child == null) {
			return null;
		}
		worker.freshBytes = child.residentBytes();
		return (worker.freshBytes < limit) ? null
				: "max-rss is " + limit + " bytes, but a fresh worker has " + worker.freshBytes
						+ " bytes already: it would be recycled after each task. Set max-rss well above that";
	}

	/** Watches the limits of a worker, which is about to get its first tasks. */
	void watch(WorkerProcess worker, Conversation conversation) {
		if (this.options.maxLifetime() != null) {
			double jitter = 1 + this.options.jitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
			this.queue.after((long) (this.options.maxLifetime().toNanos() * jitter), worker,
					() -> want(worker, "max-lifetime"));
		}
		if (this.options.maxRss() != null) {
			conversation.tellWhenWorked();
		}
	}

	/**
	 * A worker has answered a task since its memory was looked at. While it does nothing,
	 * nobody looks: it does not grow either.
	 */
	void onWorked(WorkerProcess worker) {
		this.queue.after(RSS_CHECK_NANOS, worker, () -> checkRss(worker));
	}

	private void checkRss(WorkerProcess worker) {
		Long limit = this.options.maxRss();
		ChildProcess child = worker.child();
		Conversation conversation = worker.conversation();
		if (worker.state() != WorkerState.READY || conversation == null || child == null || limit == null) {
			return;
		}
		// First, so that no task is missed: the next look is a second after it at the
		// earliest.
		conversation.tellWhenWorked();
		long bytes = child.residentBytes();
		if (bytes >= limit) {
			want(worker,
					"max-rss: " + bytes + " bytes, limit " + limit + " (" + worker.freshBytes + " when it was fresh)");
		}
	}

}
