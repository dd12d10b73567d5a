package io.vimap.supervision;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.vimap.pool.PoolState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of a pool. Its phases are the pool's states, of which STOPPING has
 * two. Supervisor thread only.
 */
final class PoolLife {

	private static final Logger logger = LoggerFactory.getLogger(PoolLife.class);

	/** What a supervisor is doing. */
	enum Phase {

		NEW(PoolState.NEW), STARTING(PoolState.STARTING), RUNNING(PoolState.RUNNING),

		/** Closing, with tasks that are still to be done. */
		DRAINING(PoolState.STOPPING),

		/** Closing, no task is left, or their time is over: all processes are to end. */
		WINDING_UP(PoolState.STOPPING),

		TERMINATED(PoolState.TERMINATED), FAILED(PoolState.FAILED);

		private final PoolState shown;

		Phase(PoolState shown) {
			this.shown = shown;
		}

		/** Whether empty seats are filled, and workers recycled. */
		boolean fillsSeats() {
			return this == STARTING || this == RUNNING || this == DRAINING;
		}

		/** Whether spares are kept. */
		boolean keepsSpares() {
			return this == STARTING || this == RUNNING;
		}

		boolean isClosing() {
			return this.shown == PoolState.STOPPING || this == TERMINATED;
		}

	}

	private static final Map<Phase, Set<Phase>> LEGAL = new EnumMap<>(
			Map.of(Phase.NEW, EnumSet.of(Phase.STARTING, Phase.WINDING_UP), Phase.STARTING,
					EnumSet.of(Phase.RUNNING, Phase.FAILED, Phase.DRAINING), Phase.RUNNING,
					EnumSet.of(Phase.FAILED, Phase.DRAINING), Phase.FAILED,
					EnumSet.of(Phase.STARTING, Phase.WINDING_UP), Phase.DRAINING, EnumSet.of(Phase.WINDING_UP),
					Phase.WINDING_UP, EnumSet.of(Phase.TERMINATED), Phase.TERMINATED, EnumSet.noneOf(Phase.class)));

	private final String pool;

	private final SupervisorStatus status;

	private final WorkerListener listener;

	private Phase phase = Phase.NEW;

	/**
	 * Creates the life of a pool that is NEW.
	 * @param pool its name
	 * @param status shows others the state
	 * @param listener hears of each new state
	 */
	PoolLife(String pool, SupervisorStatus status, WorkerListener listener) {
		this.pool = pool;
		this.status = status;
		this.listener = listener;
	}

	Phase phase() {
		return this.phase;
	}

	/**
	 * Changes the phase: the only place that does.
	 * @param next the new phase
	 * @throws IllegalStateException if the move is not legal: a defect of the supervisor
	 */
	void become(Phase next) {
		Phase before = this.phase;
		Set<Phase> legal = LEGAL.get(before);
		if (legal == null || !legal.contains(next)) {
			throw new IllegalStateException("Pool '" + this.pool + "' can't go from " + before + " to " + next);
		}
		this.phase = next;
		logger.debug("Pool '{}': {} -> {}", this.pool, before, next);
		if (next.shown != before.shown) {
			this.status.state(next.shown);
			this.listener.onStateChange(before.shown, next.shown);
		}
	}

}
