package io.vimap.supervision;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the supervisor lets others see. Written by the supervisor thread, read by any
 * thread.
 */
public final class SupervisorStatus extends PoolStatus {

	private static final Logger logger = LoggerFactory.getLogger(SupervisorStatus.class);

	private static final Map<PoolState, Set<PoolState>> LEGAL = new EnumMap<>(
			Map.of(PoolState.NEW, EnumSet.of(PoolState.STARTING, PoolState.STOPPING), PoolState.STARTING,
					EnumSet.of(PoolState.RUNNING, PoolState.FAILED, PoolState.STOPPING), PoolState.RUNNING,
					EnumSet.of(PoolState.FAILED, PoolState.STOPPING), PoolState.FAILED,
					EnumSet.of(PoolState.STARTING, PoolState.STOPPING), PoolState.STOPPING,
					EnumSet.of(PoolState.TERMINATED), PoolState.TERMINATED, EnumSet.noneOf(PoolState.class)));

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
		super(options);
		this.pool = options.name();
	}

	/**
	 * Changes the pool's state: the only place that does. Supervisor thread only.
	 * @param next the new state
	 * @return the state before
	 * @throws IllegalStateException if the move is not legal: a defect of the supervisor
	 */
	PoolState become(PoolState next) {
		PoolState before = state();
		Set<PoolState> legal = LEGAL.get(before);
		if (legal == null || !legal.contains(next)) {
			throw new IllegalStateException("Pool '" + this.pool + "' can't go from " + before + " to " + next);
		}
		state(next);
		logger.debug("Pool '{}': {} -> {}", this.pool, before, next);
		return before;
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
	public List<WorkerProcess> seated() {
		return this.seated;
	}

	/**
	 * Finds the occupant of a seat.
	 * @param index the seat
	 * @return the process that has the seat
	 * @throws IllegalArgumentException if there is no such seat
	 * @throws IllegalStateException if the seat is empty now
	 */
	public WorkerProcess at(int index) {
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
