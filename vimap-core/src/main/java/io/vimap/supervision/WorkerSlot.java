package io.vimap.supervision;

import io.vimap.pool.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * A seat, which survives its occupants. All fields belong to the supervisor thread.
 */
final class WorkerSlot {

	final int index;

	final WorkerDefinition definition;

	/** The process that has the seat, in any state but EXITED. */
	@Nullable WorkerProcess occupant;

	/** The process that is to take over from an occupant that is recycled or lost. */
	@Nullable WorkerProcess successor;

	/** Why the occupant is to be recycled, or {@code null}. */
	@Nullable String recycle;

	/** Unplanned ends in a row. */
	int failuresInARow;

	/** Successors in a row that could not start while the occupant worked on. */
	int failedSuccessors;

	/**
	 * When the next process may be started, be it for the empty seat or as the occupant's
	 * successor; {@code null} for at once.
	 */
	@Nullable Long notBefore;

	WorkerSlot(int index, WorkerDefinition definition) {
		this.index = index;
		this.definition = definition;
	}

	/** Whether a process is to take over from an occupant that still works. */
	boolean isRenewedBy(WorkerProcess worker) {
		return this.successor == worker && this.occupant != null && this.occupant.state() == WorkerState.READY
				&& !this.occupant.connectionEnded;
	}

	/** Whether the next process is still to wait. */
	boolean isPaused(long now) {
		Long end = this.notBefore;
		return end != null && now - end < 0;
	}

	/** The successor takes over, if there is one: what held for the occupant is over. */
	void passOn() {
		this.occupant = this.successor;
		this.successor = null;
		this.recycle = null;
		this.failedSuccessors = 0;
		this.notBefore = null;
	}

	/** A process that has this seat, has had it, or was to get it, has ended. */
	void leave(WorkerProcess worker) {
		if (this.occupant == worker) {
			passOn();
		}
		else if (this.successor == worker) {
			this.successor = null;
		}
	}

}
