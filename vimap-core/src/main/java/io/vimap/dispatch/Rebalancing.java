package io.vimap.dispatch;

import java.util.concurrent.TimeUnit;

/**
 * Takes back tasks that a worker holds behind a slow one. At once if another worker is
 * idle and nothing waits, so that the idle one gets them; and if the slow one is a
 * straggler, which takes much longer than others do, so that they go to whoever is free
 * next instead of waiting for its end, or its {@code task-timeout}. Guarded by the
 * dispatcher's lock.
 */
final class Rebalancing {

	/** How often to look for stragglers while somebody works. */
	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final TaskDispatcher dispatcher;

	private final Crew crew;

	/** Somebody will look whether an idle worker can be helped. */
	private boolean planned;

	/** Somebody will look for stragglers. */
	private boolean watching;

	Rebalancing(TaskDispatcher dispatcher, Crew crew) {
		this.dispatcher = dispatcher;
		this.crew = crew;
	}

	/** A worker has become idle: looks a little later, if there could be any reason. */
	void plan() {
		if (!this.planned && mayHelp()) {
			this.planned = true;
			this.dispatcher.scheduler().after(TaskDispatcher.SLOW_NANOS, this::rebalance);
		}
	}

	private boolean mayHelp() {
		return this.dispatcher.hungry() && this.crew.sessions().size() > 1 && this.crew.hasIdle()
				&& this.crew.hasRecallable();
	}

	private void rebalance() {
		try (Turn turn = this.dispatcher.begin()) {
			this.planned = false;
			if (this.dispatcher.paused() || !mayHelp()) {
				return;
			}
			WorkerSession busiest = this.crew.busiest(TaskDispatcher.SLOW_NANOS);
			plan();
			if (busiest != null) {
				busiest.recall(turn);
			}
		}
	}

	/** A worker has something to do: looks from time to time what has become of it. */
	void watch() {
		if (!this.watching && this.crew.sessions().size() > 1) {
			this.watching = true;
			this.dispatcher.scheduler().after(LOOK_NANOS, this::findStragglers);
		}
	}

	private void findStragglers() {
		try (Turn turn = this.dispatcher.begin()) {
			this.watching = false;
			for (WorkerSession session : this.crew.sessions()) {
				if (!session.mayStraggle()) {
					continue;
				}
				if (session.window().isStraggler(session.watch().nanos())) {
					session.straggles(turn);
				}
				else {
					watch();
				}
			}
		}
	}

}
