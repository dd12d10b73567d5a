package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerInfo;
import io.vimap.protocol.Welcome;
import io.vimap.supervision.PoolStatus;
import io.vimap.supervision.WorkerDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a serial pool, one per seat. They do everything on the calling thread,
 * and one thing at a time: whoever wants them to do something waits for its turn.
 */
final class SerialCrew {

	private final PoolOptions options;

	private final List<WorkerDefinition> definitions;

	private final SerialWorker.Codecs codecs;

	private final ClassLoader loader;

	private final PoolStatus status;

	/** Told, with the turn taken, that a worker could not start. */
	private final Runnable startFailed;

	/** The last notice of each topic. */
	private final Map<String, String> signals = new ConcurrentHashMap<>();

	/** Taken while a worker does anything. */
	private final SerialTurn turn;

	/** The worker on each seat, {@code null} for an empty one. Written with the turn. */
	private final List<@Nullable SerialWorker> seats = new CopyOnWriteArrayList<>();

	/** Guarded by the turn: no seat is taken any more. */
	private boolean closed;

	/** Guarded by the turn. */
	private int nextSeat;

	/** Guarded by the turn: how many workers each seat has had. */
	private final Map<Integer, Integer> incarnations = new HashMap<>();

	/** Guarded by the turn. */
	private long lastTask;

	SerialCrew(PoolOptions options, List<WorkerDefinition> definitions, SerialWorker.Codecs codecs, ClassLoader loader,
			SerialTurn turn, PoolStatus status, Runnable startFailed) {
		this.options = options;
		this.definitions = List.copyOf(definitions);
		this.codecs = codecs;
		this.loader = loader;
		this.turn = turn;
		this.status = status;
		this.startFailed = startFailed;
		definitions.forEach((definition) -> this.seats.add(null));
		publish();
	}

	/** Starts a worker on every empty seat, until one fails. */
	void fill() {
		this.turn.take();
		try {
			for (int seat = 0; seat < this.seats.size(); seat++) {
				if (this.seats.get(seat) == null && !occupy(seat)) {
					return;
				}
			}
		}
		finally {
			this.turn.release();
		}
	}

	/**
	 * Runs one task in the next worker.
	 * @return the result, or {@code null} if there is no worker on the seat
	 */
	@Nullable SerialResult run(@Nullable Object input, Map<String, String> context, @Nullable Duration timeout) {
		this.turn.take();
		try {
			int seat = this.nextSeat % this.seats.size();
			this.nextSeat = seat + 1;
			SerialWorker worker = this.seats.get(seat);
			if (worker == null) {
				return null;
			}
			SerialResult result = (timeout != null)
					? worker.run(++this.lastTask, input, context, timeout, "Imap.taskTimeout")
					: worker.run(++this.lastTask, input, context, this.options.taskTimeout(), "task-timeout");
			Integer most = this.options.maxTasksPerWorker();
			if (worker.exhausted()) {
				replace(seat, ExitReason.CRASHED, "an OutOfMemoryError has ended it");
			}
			else if (most != null && worker.tasks() >= most) {
				replace(seat, ExitReason.RECYCLED, "max-tasks-per-worker (" + most + ")");
			}
			return result;
		}
		finally {
			this.turn.release();
		}
	}

	void replace(int seat, ExitReason reason, String detail) {
		this.turn.take();
		try {
			this.status.checkSeat(seat);
			vacate(seat, reason, detail);
			occupy(seat);
		}
		finally {
			this.turn.release();
		}
	}

	void resize(int size) {
		this.turn.take();
		try {
			while (this.seats.size() < size) {
				this.seats.add(null);
			}
			while (this.seats.size() > size) {
				int last = this.seats.size() - 1;
				vacate(last, ExitReason.REQUESTED, "the pool was made smaller");
				this.seats.remove(last);
			}
			publish();
		}
		finally {
			this.turn.release();
		}
	}

	/**
	 * Ends all workers, unless a task runs longer than this.
	 * @return whether it has done so
	 */
	boolean close(Duration patience) {
		if (!this.turn.take(patience)) {
			return false;
		}
		try {
			this.closed = true;
			for (int seat = 0; seat < this.seats.size(); seat++) {
				vacate(seat, ExitReason.REQUESTED, "the pool was closed");
			}
			return true;
		}
		finally {
			this.turn.release();
		}
	}

	/** The turn is taken. Returns whether the seat has a worker now. */
	private boolean occupy(int seat) {
		if (this.closed) {
			return false;
		}
		WorkerDefinition definition = this.definitions.get(seat % this.definitions.size());
		Welcome welcome = new Welcome(this.options.name(), seat, this.incarnations.merge(seat, 1, Integer::sum),
				definition.kind(), definition.definition(), definition.initArgs(), this.options.codec(),
				definition.inputType(), definition.outputType(), this.options.maxPayload(), this.signals);
		long begin = System.nanoTime();
		try {
			SerialWorker worker = SerialWorker.start(welcome, this.codecs, this.loader);
			this.seats.set(seat, worker);
			publish();
			this.status.workerReady(seat, worker.pid(), System.nanoTime() - begin);
			return true;
		}
		catch (Throwable ex) {
			this.status.workerExited(SerialWorker.exit(welcome, ExitReason.START_FAILED, "",
					Duration.ofNanos(System.nanoTime() - begin), 0, SerialWorker.sentBack(ex)));
			this.startFailed.run();
			return false;
		}
	}

	/** The turn is taken. */
	private void vacate(int seat, ExitReason reason, String detail) {
		SerialWorker worker = this.seats.set(seat, null);
		if (worker != null) {
			publish();
			this.status.workerExited(worker.stop(reason, detail));
		}
	}

	private void publish() {
		this.status.publish(this.seats.size(), (int) this.seats.stream().filter(Objects::nonNull).count());
	}

	/** Any thread: does not wait for a turn. */
	void signal(String topic, String message) {
		this.signals.put(topic, message);
		for (SerialWorker worker : this.seats) {
			if (worker != null) {
				worker.signal(topic, message);
			}
		}
	}

	/** Any thread: does not wait for a turn. */
	List<WorkerInfo> workers() {
		List<WorkerInfo> workers = new ArrayList<>();
		for (SerialWorker worker : this.seats) {
			if (worker != null) {
				workers.add(worker.info());
			}
		}
		return workers;
	}

}
