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
	 * Watches the limits of a fresh worker.
	 * @return why it can't live within them, {@code null} if it can
	 */
	@Nullable String watch(WorkerProcess worker) {
		if (this.options.maxLifetime() != null) {
			double jitter = 1 + this.options.jitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
			this.queue.after((long) (this.options.maxLifetime().toNanos() * jitter),
					() -> want(worker, "max-lifetime"));
		}
		Long limit = this.options.maxRss();
		ChildProcess child = worker.child();
		if (limit == null || child == null) {
			return null;
		}
		long fresh = child.residentBytes();
		if (fresh >= limit) {
			return "max-rss is " + limit + " bytes, but a fresh worker has " + fresh
					+ " bytes already: it would be recycled after each task. Set max-rss well above that";
		}
		this.queue.after(RSS_CHECK_NANOS, () -> checkRss(worker, child, new RssLimit(limit, fresh), 0));
		return null;
	}

	private record RssLimit(long limit, long fresh) {
	}

	/** A worker that has done nothing since the last look has not grown either. */
	private void checkRss(WorkerProcess worker, ChildProcess child, RssLimit rss, long tasksBefore) {
		Conversation conversation = worker.conversation();
		if (worker.state() != WorkerState.READY || conversation == null) {
			return;
		}
		long tasks = conversation.tasksDone();
		if (tasks != tasksBefore) {
			long bytes = child.residentBytes();
			if (bytes >= rss.limit()) {
				want(worker, "max-rss: " + bytes + " bytes, limit " + rss.limit() + " (" + rss.fresh()
						+ " when it was fresh)");
			}
		}
		this.queue.after(RSS_CHECK_NANOS, () -> checkRss(worker, child, rss, tasks));
	}

}
