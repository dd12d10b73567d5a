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

	/** Whether a pause before the next start is running. */
	boolean backingOff;

	/** Successors in a row that could not start while the occupant worked on. */
	int failedSuccessors;

	/** Whether a pause before the next successor is running. */
	boolean successorWaits;

	WorkerSlot(int index, WorkerDefinition definition) {
		this.index = index;
		this.definition = definition;
	}

	/** Whether a process is to take over from an occupant that still works. */
	boolean isRenewedBy(WorkerProcess worker) {
		return this.successor == worker && this.occupant != null && this.occupant.state() == WorkerState.READY
				&& !this.occupant.connectionEnded;
	}

	/** A process that has this seat, has had it, or was to get it, has ended. */
	void leave(WorkerProcess worker) {
		if (this.occupant == worker) {
			this.occupant = this.successor;
			this.successor = null;
			this.recycle = null;
			this.failedSuccessors = 0;
			this.successorWaits = false;
		}
		else if (this.successor == worker) {
			this.successor = null;
		}
	}

}
