package io.vimap.supervision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the supervisor lets others see. Written by the supervisor thread, read by any
 * thread.
 */
public final class SupervisorStatus {

	private static final Logger logger = LoggerFactory.getLogger(SupervisorStatus.class);

	private static final int KEPT_EXITS = 20;

	private final PoolOptions options;

	/** Guarded by "this". */
	private PoolState state = PoolState.NEW;

	/** Guarded by "this": the occupants by seat. */
	private List<WorkerProcess> seated = List.of();

	/** Guarded by "this". */
	private int size;

	/** Guarded by "this". */
	private int ready;

	/** Guarded by "this". */
	private int spares;

	/** Guarded by "this": which limit made the pool fail. */
	private String failure = "";

	/** Guarded by "this". */
	private final Deque<WorkerExit> exits = new ArrayDeque<>();

	/** Guarded by "this". */
	private final Map<ExitReason, Long> restarts = new EnumMap<>(ExitReason.class);

	/**
	 * Creates a status.
	 * @param options the pool's options
	 */
	public SupervisorStatus(PoolOptions options) {
		this.options = options;
	}

	/**
	 * Returns the state of the pool.
	 * @return the state at this moment
	 */
	public synchronized PoolState state() {
		return this.state;
	}

	void state(PoolState newState) {
		PoolState before;
		synchronized (this) {
			before = this.state;
			this.state = newState;
			notifyAll();
		}
		tell((listener) -> listener.onStateChange(this.options.name(), before, newState));
	}

	void publish(List<WorkerSlot> slots) {
		List<WorkerProcess> occupants = new ArrayList<>(slots.size());
		int readyNow = 0;
		for (WorkerSlot slot : slots) {
			if (slot.occupant != null) {
				occupants.add(slot.occupant);
				readyNow += (slot.occupant.state() == WorkerState.READY) ? 1 : 0;
			}
		}
		synchronized (this) {
			this.seated = occupants;
			this.size = slots.size();
			this.ready = readyNow;
			notifyAll();
		}
	}

	synchronized void spares(int connected) {
		this.spares = connected;
	}

	synchronized void failed(String limit) {
		this.failure = limit;
	}

	void workerReady(WorkerProcess worker, long nanos) {
		tell((listener) -> listener.onWorkerReady(this.options.name(), worker.index(), worker.pid(),
				Duration.ofNanos(nanos)));
	}

	void workerExited(WorkerExit exit) {
		synchronized (this) {
			if (this.exits.size() == KEPT_EXITS) {
				this.exits.removeFirst();
			}
			this.exits.addLast(exit);
			if (exit.reason() != ExitReason.REQUESTED) {
				this.restarts.merge(exit.reason(), 1L, Long::sum);
			}
		}
		tell((listener) -> listener.onWorkerExit(exit));
	}

	private void tell(Consumer<PoolListener> news) {
		for (PoolListener listener : this.options.listeners()) {
			try {
				news.accept(listener);
			}
			catch (RuntimeException | Error ex) {
				logger.warn("A listener of pool '{}' failed", this.options.name(), ex);
			}
		}
	}

	/**
	 * Waits until every seat has a ready worker.
	 * @param timeout how long to wait at most
	 * @return whether all are ready
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 * @throws PoolFailedException if the pool has failed
	 * @throws PoolClosedException if the pool has been closed
	 */
	public synchronized boolean awaitReady(Duration timeout) throws InterruptedException {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (true) {
			switch (this.state) {
				case FAILED -> throw failure();
				case STOPPING, TERMINATED ->
					throw new PoolClosedException(this.options.name(), "pool '" + this.options.name() + "' is closed");
				case RUNNING -> {
					if (this.ready >= this.size) {
						return true;
					}
				}
				default -> {
				}
			}
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				return false;
			}
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
	}

	/**
	 * Returns why the pool has failed.
	 * @return a new exception with the last exits
	 */
	public synchronized PoolFailedException failure() {
		List<WorkerExit> last = new ArrayList<>(this.exits);
		return new PoolFailedException(this.options.name(), this.failure,
				last.subList(Math.max(0, last.size() - 3), last.size()));
	}

	/**
	 * Returns the occupants by seat.
	 * @return an unmodifiable list; seats that are empty now are left out
	 */
	public synchronized List<WorkerProcess> seated() {
		return this.seated;
	}

	/**
	 * Finds the occupant of a seat.
	 * @param index the seat
	 * @return the process that has the seat
	 * @throws IllegalArgumentException if there is no such seat
	 * @throws IllegalStateException if the seat is empty now
	 */
	public synchronized WorkerProcess at(int index) {
		checkSeat(index);
		for (WorkerProcess worker : this.seated) {
			if (worker.index() == index) {
				return worker;
			}
		}
		throw new IllegalStateException(
				"Worker " + index + " of pool '" + this.options.name() + "' is not running at the moment.");
	}

	/**
	 * Checks that there is such a seat.
	 * @param index the seat
	 * @throws IllegalArgumentException if there is none
	 */
	public synchronized void checkSeat(int index) {
		if (index < 0 || index >= this.size) {
			throw new IllegalArgumentException("Pool '" + this.options.name() + "' has no worker " + index
					+ ". Its workers are 0 to " + (this.size - 1) + ".");
		}
	}

	/**
	 * Returns the number of seats.
	 * @return the size the pool should have
	 */
	public synchronized int size() {
		return this.size;
	}

	/**
	 * Returns the number of workers that take tasks.
	 * @return at most {@link #size}
	 */
	public synchronized int ready() {
		return this.ready;
	}

	/**
	 * Returns the number of connected spares.
	 * @return how many wait for a seat
	 */
	public synchronized int spares() {
		return this.spares;
	}

	/**
	 * Returns the last exits.
	 * @return a copy, newest last
	 */
	public synchronized List<WorkerExit> exits() {
		return List.copyOf(this.exits);
	}

	/**
	 * Returns how many ended workers were to be replaced.
	 * @return a copy, by reason
	 */
	public synchronized Map<ExitReason, Long> restarts() {
		return Map.copyOf(this.restarts);
	}

}
