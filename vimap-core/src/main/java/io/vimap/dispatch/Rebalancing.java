package io.vimap.dispatch;

/**
 * When a worker is idle, nothing waits, and another worker holds tasks behind a slow one:
 * takes those back, so that the idle one gets them. Guarded by the dispatcher's lock.
 */
final class Rebalancing {

	private final TaskDispatcher dispatcher;

	private final Crew crew;

	/** Somebody will look. */
	private boolean planned;

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

}
