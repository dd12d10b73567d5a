package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerInfo;
import io.vimap.protocol.Welcome;
import io.vimap.supervision.WorkerDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seats of a serial pool and who sits in them. Everything happens on the calling
 * thread; a seat's lock is held while its worker does anything, since workers need not be
 * safe for use by several threads.
 */
final class SerialCrew {

	private static final Logger logger = LoggerFactory.getLogger(SerialCrew.class);

	private static final int KEPT_EXITS = 20;

	private static final class Seat {

		final int index;

		final WorkerDefinition definition;

		final ReentrantLock lock = new ReentrantLock();

		/** Written with the lock held. */
		volatile @Nullable SerialWorker worker;

		/** Guarded by the lock: nobody takes this seat any more. */
		boolean removed;

		Seat(int index, WorkerDefinition definition) {
			this.index = index;
			this.definition = definition;
		}

	}

	private final PoolOptions options;

	private final List<WorkerDefinition> definitions;

	private final SerialWorker.Parent parent;

	private final ClassLoader loader;

	/** Told, with a seat's lock held, that a worker could not start. */
	private final Runnable startFailed;

	private final List<Seat> seats = new CopyOnWriteArrayList<>();

	private final AtomicInteger nextSeat = new AtomicInteger();

	private final AtomicInteger incarnations = new AtomicInteger();

	/** The last notice of each topic. */
	private final Map<String, String> signals = new ConcurrentHashMap<>();

	/** Guarded by itself, as are the restarts. */
	private final Deque<WorkerExit> exits = new ArrayDeque<>();

	private final Map<ExitReason, Long> restarts = new EnumMap<>(ExitReason.class);

	SerialCrew(PoolOptions options, List<WorkerDefinition> definitions, SerialWorker.Parent parent, ClassLoader loader,
			Runnable startFailed) {
		this.options = options;
		this.definitions = List.copyOf(definitions);
		this.parent = parent;
		this.loader = loader;
		this.startFailed = startFailed;
		definitions.forEach((definition) -> this.seats.add(new Seat(this.seats.size(), definition)));
	}

	/** Starts a worker on every empty seat. */
	void fill() {
		for (Seat seat : this.seats) {
			seat.lock.lock();
			try {
				if (seat.worker == null && !occupy(seat)) {
					return;
				}
			}
			finally {
				seat.lock.unlock();
			}
		}
	}

	/** The seat's lock is held. Returns whether the seat has a worker now. */
	private boolean occupy(Seat seat) {
		if (seat.removed) {
			return false;
		}
		long begin = System.nanoTime();
		WorkerDefinition definition = seat.definition;
		Welcome welcome = new Welcome(this.options.name(), seat.index, this.incarnations.incrementAndGet(),
				definition.kind(), definition.definition(), definition.initArgs(), this.options.codec(),
				definition.inputType(), definition.outputType(), this.options.maxPayload(), this.signals);
		SerialWorker worker;
		try {
			worker = SerialWorker.start(welcome, this.parent, this.loader);
		}
		catch (Throwable ex) {
			ended(SerialWorker.exit(welcome, ExitReason.START_FAILED, "", Duration.ofNanos(System.nanoTime() - begin),
					0, SerialWorker.sentBack(ex)));
			this.startFailed.run();
			return false;
		}
		seat.worker = worker;
		Duration took = Duration.ofNanos(System.nanoTime() - begin);
		tell((listener) -> listener.onWorkerReady(this.options.name(), seat.index, worker.pid(), took));
		return true;
	}

	/**
	 * Runs one task in the next worker, by turns; in one that nobody uses if there is
	 * one.
	 * @return the result, or {@code null} if there is no worker
	 */
	@Nullable SerialResult run(long id, @Nullable Object input, Map<String, String> context) {
		int first = this.nextSeat.getAndIncrement();
		List<Seat> all = List.copyOf(this.seats);
		for (int i = 0; i < all.size(); i++) {
			Seat seat = all.get(Math.floorMod(first + i, all.size()));
			if (seat.lock.tryLock()) {
				try {
					if (seat.worker != null) {
						return run(seat, seat.worker, id, input, context);
					}
				}
				finally {
					seat.lock.unlock();
				}
			}
		}
		for (Seat seat : all) {
			seat.lock.lock();
			try {
				if (seat.worker != null) {
					return run(seat, seat.worker, id, input, context);
				}
			}
			finally {
				seat.lock.unlock();
			}
		}
		return null;
	}

	private SerialResult run(Seat seat, SerialWorker worker, long id, @Nullable Object input,
			Map<String, String> context) {
		SerialResult result = worker.run(id, input, context);
		Integer most = this.options.maxTasksPerWorker();
		if (worker.exhausted()) {
			replace(seat, ExitReason.CRASHED, "an OutOfMemoryError has ended it");
		}
		else if (most != null && worker.tasks() >= most) {
			replace(seat, ExitReason.RECYCLED, "max-tasks-per-worker (" + most + ")");
		}
		return result;
	}

	/** The seat's lock is held. */
	private void replace(Seat seat, ExitReason reason, String detail) {
		vacate(seat, reason, detail);
		occupy(seat);
	}

	/** The seat's lock is held. */
	private void vacate(Seat seat, ExitReason reason, String detail) {
		SerialWorker worker = seat.worker;
		if (worker != null) {
			seat.worker = null;
			ended(worker.stop(reason, detail));
		}
	}

	void replace(int index, ExitReason reason, String detail) {
		for (Seat seat : this.seats) {
			if (seat.index == index) {
				seat.lock.lock();
				try {
					replace(seat, reason, detail);
				}
				finally {
					seat.lock.unlock();
				}
			}
		}
	}

	void resize(int size) {
		synchronized (this) {
			while (this.seats.size() < size) {
				int index = this.seats.size();
				this.seats.add(new Seat(index, this.definitions.get(index % this.definitions.size())));
			}
			while (this.seats.size() > size) {
				Seat seat = this.seats.remove(this.seats.size() - 1);
				seat.lock.lock();
				try {
					seat.removed = true;
					vacate(seat, ExitReason.REQUESTED, "the pool was made smaller");
				}
				finally {
					seat.lock.unlock();
				}
			}
		}
	}

	/** Ends all workers, but waits for tasks that run no longer than this. */
	void close(Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		for (Seat seat : this.seats) {
			boolean locked = false;
			try {
				locked = seat.lock.tryLock(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			if (!locked) {
				logger.warn(
						"Worker {} of pool '{}' still runs a task after drain-timeout ({} ms). It can't be killed"
								+ " since the pool is serial, and is left to itself",
						seat.index, this.options.name(), this.options.drainTimeout().toMillis());
				continue;
			}
			try {
				seat.removed = true;
				vacate(seat, ExitReason.REQUESTED, "the pool was closed");
			}
			finally {
				seat.lock.unlock();
			}
		}
	}

	void signal(String topic, String message) {
		this.signals.put(topic, message);
		for (Seat seat : this.seats) {
			SerialWorker worker = seat.worker;
			if (worker != null) {
				worker.signal(topic, message);
			}
		}
	}

	private void ended(WorkerExit exit) {
		synchronized (this.exits) {
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

	/** Tells all listeners. */
	void tell(Consumer<PoolListener> news) {
		for (PoolListener listener : this.options.listeners()) {
			try {
				news.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("A listener of pool '{}' failed", this.options.name(), ex);
			}
		}
	}

	int size() {
		return this.seats.size();
	}

	List<WorkerInfo> workers() {
		List<WorkerInfo> workers = new ArrayList<>();
		for (Seat seat : this.seats) {
			SerialWorker worker = seat.worker;
			if (worker != null) {
				workers.add(worker.info());
			}
		}
		return workers;
	}

	List<WorkerExit> exits() {
		synchronized (this.exits) {
			return List.copyOf(this.exits);
		}
	}

	Map<ExitReason, Long> restarts() {
		synchronized (this.exits) {
			return Map.copyOf(this.restarts);
		}
	}

	/** What failed while workers cleaned up at the end of the pool. */
	List<ExceptionContext> cleanupFailures() {
		List<ExceptionContext> failures = new ArrayList<>();
		for (WorkerExit exit : exits()) {
			if (exit.reason() == ExitReason.REQUESTED && exit.failure() != null) {
				failures.add(exit.failure());
			}
		}
		return failures;
	}

}
