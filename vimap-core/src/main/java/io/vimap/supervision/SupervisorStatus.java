package io.vimap.supervision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * What the supervisor lets others see. Written by the supervisor thread, read by any
 * thread.
 */
public final class SupervisorStatus extends PoolStatus {

	private final String pool;

	/** Written by the supervisor thread: see {@link #workers}. */
	private volatile List<WorkerProcess> workers = List.of();

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
		List<WorkerProcess> known = new ArrayList<>(slots.size());
		int readyNow = 0;
		for (WorkerSlot slot : slots) {
			if (slot.occupant != null) {
				known.add(slot.occupant);
				readyNow += (slot.occupant.state() == WorkerState.READY) ? 1 : 0;
			}
		}
		roster.leaving().forEach(known::add);
		known.sort(Comparator.comparingInt(WorkerProcess::index));
		this.workers = known;
		this.spares = (int) roster.waitingSpares().count();
		publish(slots.size(), readyNow);
	}

	/**
	 * Returns the workers by seat: its occupant, if it has one, and after it those that
	 * have lost the seat and not ended.
	 * @return an unmodifiable list
	 */
	List<WorkerProcess> workers() {
		return this.workers;
	}

	/**
	 * Finds the occupant of a seat, or else who has lost it and not ended.
	 * @param index the seat
	 * @return the process
	 * @throws IllegalArgumentException if there is no such seat
	 * @throws IllegalStateException if the seat is empty now
	 */
	WorkerProcess at(int index) {
		WorkerProcess worker = find(index);
		if (worker != null) {
			return worker;
		}
		checkSeat(index);
		throw new IllegalStateException(
				"Worker " + index + " of pool '" + this.pool + "' is not running at the moment.");
	}

	/**
	 * Checks that there is such a seat, or a process that has lost it and not ended.
	 * @param index the seat
	 * @throws IllegalArgumentException if there is neither
	 */
	public void checkWorker(int index) {
		if (find(index) == null) {
			checkSeat(index);
		}
	}

	private @Nullable WorkerProcess find(int index) {
		for (WorkerProcess worker : this.workers) {
			if (worker.index() == index) {
				return worker;
			}
		}
		return null;
	}

	/**
	 * Returns the number of connected spares.
	 * @return how many wait for a seat
	 */
	public int spares() {
		return this.spares;
	}

}
