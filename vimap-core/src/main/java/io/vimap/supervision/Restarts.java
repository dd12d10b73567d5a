package io.vimap.supervision;

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * The unplanned ends of a pool's workers, and what the {@link RestartPolicy} makes of
 * them. Supervisor thread only.
 */
final class Restarts {

	private final RestartPolicy policy;

	/** When the latest restarts were decided, oldest first. */
	private final Deque<Long> decided = new ArrayDeque<>();

	/** When a worker of the pool was last seen to be ready. */
	private long readyAt;

	/** The last process whose end is not held against the pool. */
	private long forgiven;

	Restarts(RestartPolicy policy, long now) {
		this.policy = policy;
		this.readyAt = now;
	}

	/** Begins anew: what was launched so far does not count any more. */
	void forgive(Roster roster) {
		this.decided.clear();
		roster.processes().forEach((worker) -> this.forgiven = worker.number());
		for (WorkerSlot slot : roster.slots()) {
			slot.failuresInARow = 0;
			slot.notBefore = null;
		}
	}

	boolean isForgiven(WorkerProcess worker) {
		return worker.number() <= this.forgiven;
	}

	/** A worker of the pool is ready. */
	void ready(long now) {
		this.readyAt = now;
	}

	/**
	 * Says whether no pause would follow the end of a worker.
	 * @param slot its seat
	 * @param uptimeNanos how long it has lived
	 */
	boolean isAtOnce(WorkerSlot slot, long uptimeNanos) {
		return this.policy.isAtOnce(slot.failuresInARow, uptimeNanos);
	}

	/**
	 * Decides about an unplanned end.
	 * @param slot the seat the worker had, {@code null} for a spare
	 * @param uptimeNanos how long it lived, 0 if it never was ready
	 * @param now the time
	 * @return how long to wait before the restart, or {@link RestartPolicy#GIVE_UP}
	 */
	long afterFailure(@Nullable WorkerSlot slot, long uptimeNanos, long now) {
		int inARow = 1;
		if (slot != null) {
			if (this.policy.wasHealthy(uptimeNanos)) {
				slot.failuresInARow = 0;
			}
			inARow = ++slot.failuresInARow;
		}
		return this.policy.afterFailure(this.decided, inARow, now, this.readyAt);
	}

	/**
	 * Decides about the end of a successor whose predecessor works on.
	 * @param slot the seat it was to have
	 * @return how long to wait before the next one
	 */
	long afterFailedSuccessor(WorkerSlot slot) {
		return this.policy.afterFailedSuccessor(++slot.failedSuccessors);
	}

	/** The limit that has led to {@link RestartPolicy#GIVE_UP}, for messages. */
	String limit() {
		return this.policy.describe(this.decided);
	}

}
