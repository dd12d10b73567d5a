package io.vimap.supervision;

import java.util.ArrayList;
import java.util.List;

import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerState;

/**
 * What the supervisor lets others see. Written by the supervisor thread, read by any
 * thread.
 */
public final class SupervisorStatus extends PoolStatus {

	private final String pool;

	/** Written by the supervisor thread: the occupants by seat. */
	private volatile List<WorkerProcess> seated = List.of();

	/** Written by the supervisor thread. */
	private volatile int spares;

	/**
	 * Creates a status.
	 * @param options the pool's options
	 */
	public SupervisorStatus(PoolOptions options) {
		super(options, Runnable::run);
		this.pool = options.name();
	}

	void publish(Roster roster) {
		List<WorkerSlot> slots = roster.slots();
		List<WorkerProcess> occupants = new ArrayList<>(slots.size());
		int readyNow = 0;
		for (WorkerSlot slot : slots) {
			if (slot.occupant != null) {
				occupants.add(slot.occupant);
				readyNow += (slot.occupant.state() == WorkerState.READY) ? 1 : 0;
			}
		}
		this.seated = occupants;
		this.spares = (int) roster.waitingSpares().count();
		publish(slots.size(), readyNow);
	}

	/**
	 * Returns the occupants by seat.
	 * @return an unmodifiable list; seats that are empty now are left out
	 */
	List<WorkerProcess> seated() {
		return this.seated;
	}

	/**
	 * Finds the occupant of a seat.
	 * @param index the seat
	 * @return the process that has the seat
	 * @throws IllegalArgumentException if there is no such seat
	 * @throws IllegalStateException if the seat is empty now
	 */
	WorkerProcess at(int index) {
		checkSeat(index);
		for (WorkerProcess worker : this.seated) {
			if (worker.index() == index) {
				return worker;
			}
		}
		throw new IllegalStateException(
				"Worker " + index + " of pool '" + this.pool + "' is not running at the moment.");
	}

	/**
	 * Returns the number of connected spares.
	 * @return how many wait for a seat
	 */
	public int spares() {
		return this.spares;
	}

}
