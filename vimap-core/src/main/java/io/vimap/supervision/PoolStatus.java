package io.vimap.supervision;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;

/**
 * What a pool lets others see. Written by whoever keeps its workers, one thread at a
 * time; read by any thread.
 */
public class PoolStatus {

	private static final int KEPT_EXITS = 20;

	private final PoolOptions options;

	private final List<PoolListener> listeners;

	private final Executor teller;

	/** Guarded by "this". */
	private PoolState state = PoolState.NEW;

	/** Guarded by "this". */
	private int size;

	/** Guarded by "this". */
	private int ready;

	/** Guarded by "this": which limit made the pool fail. */
	private String failure = "";

	/** Guarded by "this": the last exits before the pool failed, newest last. */
	private List<WorkerExit> causes = List.of();

	/** Guarded by "this". */
	private final Deque<WorkerExit> exits = new ArrayDeque<>();

	/** Guarded by "this". */
	private final Map<ExitReason, Long> restarts = new EnumMap<>(ExitReason.class);

	/**
	 * Creates a status.
	 * @param options the pool's options
	 * @param teller calls the listeners, at once or when they may ask the pool for
	 * something
	 */
	public PoolStatus(PoolOptions options, Executor teller) {
		this.options = options;
		this.listeners = options.listeners()
			.stream()
			.map((listener) -> (PoolListener) new GuardedListener(options.name(), listener, System::nanoTime))
			.toList();
		this.teller = teller;
	}

	/**
	 * Returns the state of the pool.
	 * @return the state at this moment
	 */
	public synchronized PoolState state() {
		return this.state;
	}

	/**
	 * Changes the state.
	 * @param newState the new state
	 */
	public void state(PoolState newState) {
		PoolState before;
		synchronized (this) {
			before = this.state;
			this.state = newState;
			notifyAll();
		}
		tell((listener) -> listener.onStateChange(this.options.name(), before, newState));
	}

	/**
	 * Changes the state, if it is the expected one.
	 * @param expected the state it must have
	 * @param newState the new state
	 * @return whether it had that state
	 */
	public boolean move(PoolState expected, PoolState newState) {
		synchronized (this) {
			if (this.state != expected) {
				return false;
			}
			this.state = newState;
			notifyAll();
		}
		tell((listener) -> listener.onStateChange(this.options.name(), expected, newState));
		return true;
	}

	/**
	 * Says how many workers there are.
	 * @param newSize the number of seats
	 * @param newReady the number of workers that take tasks
	 */
	public synchronized void publish(int newSize, int newReady) {
		this.size = newSize;
		this.ready = newReady;
		notifyAll();
	}

	/**
	 * Says why the pool will fail.
	 * @param limit which limit was hit
	 */
	public synchronized void failed(String limit) {
		this.failure = limit;
		// Those that follow are the failure's consequence: they would hide why.
		List<WorkerExit> unasked = this.exits.stream().filter((exit) -> exit.reason() != ExitReason.REQUESTED).toList();
		this.causes = unasked.subList(Math.max(0, unasked.size() - 3), unasked.size());
	}

	/**
	 * A worker takes tasks from now on.
	 * @param index its seat
	 * @param pid its process id
	 * @param nanos how long it took to start
	 */
	public void workerReady(int index, long pid, long nanos) {
		tell((listener) -> listener.onWorkerReady(this.options.name(), index, pid, Duration.ofNanos(nanos)));
	}

	/**
	 * A worker that holds no tasks has ended.
	 * @param exit how
	 */
	public void workerExited(WorkerExit exit) {
		workerExited(exit, () -> {
		});
	}

	/**
	 * A worker has ended. Who hears of its tasks finds the exit here, and the listeners
	 * are told last: the tasks are not to wait for them.
	 * @param exit how
	 * @param loseTasks fails the tasks that it held, or has them tried again
	 */
	void workerExited(WorkerExit exit, Runnable loseTasks) {
		keep(exit);
		loseTasks.run();
		tell((listener) -> listener.onWorkerExit(exit));
	}

	private synchronized void keep(WorkerExit exit) {
		if (this.state == PoolState.FAILED && exit.reason() == ExitReason.REQUESTED) {
			// The failure's consequence: the last exits are to show why.
			return;
		}
		if (this.exits.size() == KEPT_EXITS) {
			this.exits.removeFirst();
		}
		this.exits.addLast(exit);
		if (exit.reason() != ExitReason.REQUESTED) {
			this.restarts.merge(exit.reason(), 1L, Long::sum);
		}
	}

	/**
	 * Returns the pool's listeners, for those who tell them without the help of
	 * {@link #tell}.
	 * @return an immutable list; none of them throws anything
	 */
	public List<PoolListener> listeners() {
		return this.listeners;
	}

	/**
	 * Tells the pool's listeners.
	 * @param news calls one listener
	 */
	public void tell(Consumer<PoolListener> news) {
		this.teller.execute(() -> this.listeners.forEach(news));
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
		long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
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
	 * @return a new exception with the last exits before that
	 */
	public synchronized PoolFailedException failure() {
		return new PoolFailedException(this.options.name(), this.failure, this.causes);
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
	 * Checks a new size.
	 * @param processes the size asked for
	 * @throws IllegalArgumentException if it is less than 1
	 */
	public void checkSize(int processes) {
		if (processes < 1 || processes > PoolOptions.MOST_PROCESSES) {
			throw new IllegalArgumentException("Pool '" + this.options.name() + "' can't be resized to " + processes
					+ " processes. Allowed: a whole number from 1 to " + PoolOptions.MOST_PROCESSES + ".");
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
	 * Returns the last exits.
	 * @return a copy, newest last
	 */
	public synchronized List<WorkerExit> exits() {
		return List.copyOf(this.exits);
	}

	/**
	 * Returns what failed while workers cleaned up because the pool was closed.
	 * @return a list, oldest first
	 */
	public List<ExceptionContext> cleanupFailures() {
		List<ExceptionContext> failures = new ArrayList<>();
		for (WorkerExit exit : exits()) {
			if (exit.reason() == ExitReason.REQUESTED && exit.failure() != null) {
				failures.add(exit.failure());
			}
		}
		return failures;
	}

	/**
	 * Returns how many ended workers were to be replaced.
	 * @return a copy, by reason
	 */
	public synchronized Map<ExitReason, Long> restarts() {
		return Map.copyOf(this.restarts);
	}

}
