package io.vimap.serial;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.vimap.child.ThreadDump;
import io.vimap.imap.ImapEngine;
import io.vimap.imap.ImapPlan;
import io.vimap.imap.ImapResults;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.SharedFile;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerInfo;
import io.vimap.protocol.Frames;
import io.vimap.protocol.ValueCodec;
import io.vimap.protocol.Welcome;
import io.vimap.supervision.PoolStatus;
import io.vimap.supervision.WorkerDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool without processes: each task runs on the thread that asks for its result, one at
 * a time, in one worker after the other.
 * <p>
 * What cannot be had without a process: a task that is over its time is interrupted, but
 * not killed, and not tried again; the other time limits are not enforced; a worker that
 * can't start makes the pool FAILED at once; {@code kill} drops a worker without its
 * cleanup; {@code System.exit} and crashes end the caller's JVM; {@code max-lifetime},
 * {@code max-rss}, {@code spares} and {@code prefetch} have no effect.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class SerialPool<I extends @Nullable Object, O extends @Nullable Object>
		implements ProcessPool<I, O>, ImapEngine {

	private static final Logger logger = LoggerFactory.getLogger(SerialPool.class);

	private record Submitted(@Nullable Object input, Map<String, String> context,
			CompletableFuture<@Nullable Object> future) {
	}

	private final PoolOptions options;

	private final PoolStatus status;

	private final List<WorkerDefinition> definitions;

	private final SerialWorker.Codecs codecs;

	private final ClassLoader loader;

	private final LongAdder succeeded = new LongAdder();

	private final LongAdder failed = new LongAdder();

	/** The last notice of each topic. */
	private final Map<String, String> signals = new ConcurrentHashMap<>();

	private final Queue<SharedFile> shared = new ConcurrentLinkedQueue<>();

	/** Held while a worker does anything. */
	private final ReentrantLock turn = new ReentrantLock();

	/** The worker on each seat, {@code null} for an empty one. Written with the turn. */
	private final List<@Nullable SerialWorker> seats = new CopyOnWriteArrayList<>();

	/** Guarded by the turn. */
	private int nextSeat;

	/** Guarded by the turn. */
	private int incarnations;

	/** Guarded by the turn. */
	private long lastTask;

	/** Held while the pool is closed. */
	private final ReentrantLock closing = new ReentrantLock();

	/** Notified when tasks may begin, or are refused. */
	private final Object gate = new Object();

	/** Guarded by the gate. */
	private boolean paused;

	/** Guarded by the gate: submitted while no task may begin. */
	private final Deque<Submitted> waiting = new ArrayDeque<>();

	/**
	 * Creates a pool; no worker is made before {@link #start()}.
	 * @param options how the pool behaves
	 * @param definitions what the seats run, one per seat
	 * @param inputs encodes inputs
	 * @param outputs decodes outputs
	 * @param loader loads the workers' classes
	 */
	public SerialPool(PoolOptions options, List<WorkerDefinition> definitions, ValueCodec inputs, ValueCodec outputs,
			ClassLoader loader) {
		this.options = options;
		this.status = new PoolStatus(options);
		this.definitions = List.copyOf(definitions);
		this.codecs = new SerialWorker.Codecs(inputs, outputs, new LongAdder(), new LongAdder());
		this.loader = loader;
		definitions.forEach((definition) -> this.seats.add(null));
		publish();
	}

	@Override
	public PoolOptions options() {
		return this.options;
	}

	@Override
	public String name() {
		return this.options.name();
	}

	// Tasks

	@Override
	public Imap<I, O> imap(Iterable<? extends I> inputs) {
		return ImapPlan.of(this, inputs);
	}

	@Override
	public Imap<I, O> imap(Iterator<? extends I> inputs) {
		return ImapPlan.of(this, inputs);
	}

	@Override
	public Imap<I, O> imap(Stream<? extends I> inputs) {
		return ImapPlan.of(this, inputs);
	}

	@Override
	public ImapResults begin(ImapPlan<?, ?> plan, Iterator<?> inputs) {
		return new SerialRun(plan, this, inputs);
	}

	/**
	 * Runs the task on this thread and returns a future that is done. Where tasks must
	 * not begin (before {@link #start}, while paused), they wait for the thread that lets
	 * them.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public CompletableFuture<O> submit(I input) {
		Submitted task = new Submitted(input, context(), new CompletableFuture<>());
		boolean mustWait;
		synchronized (this.gate) {
			mustWait = mustWait();
			if (mustWait) {
				this.waiting.add(task);
			}
		}
		if (!mustWait) {
			run(task);
		}
		return (CompletableFuture<O>) task.future();
	}

	private void run(Submitted task) {
		RuntimeException refusal = refusal();
		if (refusal != null) {
			task.future().completeExceptionally(refusal);
		}
		else if (!task.future().isDone()) {
			SerialResult result = run(task.input(), task.context(), null);
			if (result.failure() != null) {
				task.future().completeExceptionally(result.failure());
			}
			else {
				task.future().complete(result.output());
			}
		}
	}

	/** Runs on this thread what waits for the gate, or refuses it, if it may. */
	private void openGate() {
		synchronized (this.gate) {
			this.gate.notifyAll();
		}
		Submitted task;
		do {
			synchronized (this.gate) {
				task = mustWait() ? null : this.waiting.poll();
			}
			if (task != null) {
				run(task);
			}
		}
		while (task != null);
	}

	/** What travels with the tasks of this thread. */
	Map<String, String> context() {
		Supplier<Map<String, String>> capture = this.options.taskContext();
		return (capture != null) ? capture.get() : Map.of();
	}

	/** Why no tasks are taken, or {@code null}. */
	@Nullable RuntimeException refusal() {
		return switch (state()) {
			case FAILED -> this.status.failure();
			case STOPPING, TERMINATED ->
				new PoolClosedException(name(), "pool '" + name() + "' is closed and takes no new tasks");
			default -> null;
		};
	}

	/**
	 * Waits until tasks may begin, or are refused.
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void awaitTurn() throws InterruptedException {
		synchronized (this.gate) {
			while (mustWait()) {
				this.gate.wait();
			}
		}
	}

	/** The gate is held. */
	private boolean mustWait() {
		PoolState now = state();
		return now == PoolState.NEW || now == PoolState.STARTING || this.paused && now == PoolState.RUNNING;
	}

	/** Runs one task on this thread, in the next worker. */
	SerialResult run(@Nullable Object input, Map<String, String> context, @Nullable Duration timeout) {
		SerialResult result;
		long begin;
		this.turn.lock();
		try {
			int seat = this.nextSeat % this.seats.size();
			this.nextSeat = seat + 1;
			SerialWorker worker = this.seats.get(seat);
			if (worker == null) {
				RuntimeException refusal = refusal();
				return new SerialResult(input, null, (refusal != null) ? refusal : new IllegalStateException(
						"Worker " + seat + " of pool '" + name() + "' is being replaced on this very thread."));
			}
			begin = System.nanoTime();
			result = (timeout != null) ? worker.run(++this.lastTask, input, context, timeout, "Imap.taskTimeout")
					: worker.run(++this.lastTask, input, context, this.options.taskTimeout(), "task-timeout");
			Integer most = this.options.maxTasksPerWorker();
			if (worker.exhausted()) {
				replace(seat, ExitReason.CRASHED, "an OutOfMemoryError has ended it");
			}
			else if (most != null && worker.tasks() >= most) {
				replace(seat, ExitReason.RECYCLED, "max-tasks-per-worker (" + most + ")");
			}
		}
		finally {
			this.turn.unlock();
		}
		TaskOutcome outcome = (result.failure() == null) ? TaskOutcome.SUCCESS
				: (result.failure() instanceof TaskTimeoutException) ? TaskOutcome.TIMEOUT : TaskOutcome.FAILURE;
		((outcome == TaskOutcome.SUCCESS) ? this.succeeded : this.failed).increment();
		long ran = System.nanoTime() - begin;
		this.status.tell((listener) -> listener.onTask(name(), outcome, 0, ran));
		return result;
	}

	// Workers: the turn is held

	/** Starts a worker on every empty seat. */
	private void fill() {
		for (int seat = 0; seat < this.seats.size() && state() != PoolState.FAILED; seat++) {
			if (this.seats.get(seat) == null) {
				occupy(seat);
			}
		}
	}

	private void occupy(int seat) {
		WorkerDefinition definition = this.definitions.get(seat % this.definitions.size());
		Welcome welcome = new Welcome(name(), seat, ++this.incarnations, definition.kind(), definition.definition(),
				definition.initArgs(), this.options.codec(), definition.inputType(), definition.outputType(),
				this.options.maxPayload(), this.signals);
		long begin = System.nanoTime();
		try {
			SerialWorker worker = SerialWorker.start(welcome, this.codecs, this.loader);
			this.seats.set(seat, worker);
			publish();
			this.status.workerReady(seat, worker.pid(), System.nanoTime() - begin);
		}
		catch (Throwable ex) {
			this.status.workerExited(SerialWorker.exit(welcome, ExitReason.START_FAILED, "",
					Duration.ofNanos(System.nanoTime() - begin), 0, SerialWorker.sentBack(ex)));
			this.status.failed("a worker could not start, which a serial pool does not try again");
			become(PoolState.FAILED);
		}
	}

	private void vacate(int seat, ExitReason reason, String detail) {
		SerialWorker worker = this.seats.set(seat, null);
		if (worker != null) {
			publish();
			this.status.workerExited(worker.stop(reason, detail));
		}
	}

	private void replace(int seat, ExitReason reason, String detail) {
		vacate(seat, reason, detail);
		occupy(seat);
	}

	private void publish() {
		this.status.publish(this.seats.size(), (int) this.seats.stream().filter(Objects::nonNull).count());
	}

	private void become(PoolState state) {
		this.status.state(state);
		openGate();
	}

	// The life of the pool

	/** Makes the workers, on this thread. */
	@Override
	public void start() {
		startFrom(PoolState.NEW);
	}

	private void startFrom(PoolState expected) {
		this.turn.lock();
		try {
			if (state() == expected) {
				become(PoolState.STARTING);
				fill();
				if (state() == PoolState.STARTING) {
					become(PoolState.RUNNING);
				}
			}
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	public boolean awaitReady(Duration timeout) throws InterruptedException {
		return this.status.awaitReady(timeout);
	}

	@Override
	public PoolState state() {
		return this.status.state();
	}

	@Override
	public PoolStats stats() {
		List<WorkerInfo> workers = new ArrayList<>();
		for (SerialWorker worker : this.seats) {
			if (worker != null) {
				workers.add(worker.info());
			}
		}
		boolean pausedNow;
		int queued;
		synchronized (this.gate) {
			pausedNow = this.paused;
			queued = this.waiting.size();
		}
		long running = workers.stream().filter((worker) -> worker.currentTask() != null).count();
		return new PoolStats(name(), state(), pausedNow, this.status.size(), this.status.ready(), 0, queued, running,
				this.succeeded.sum(), this.failed.sum(), 0, this.status.restarts(), this.codecs.sent().sum(),
				this.codecs.received().sum(), workers, this.status.exits());
	}

	@Override
	public void resize(int processes) {
		this.status.checkSize(processes);
		this.turn.lock();
		try {
			while (this.seats.size() < processes) {
				this.seats.add(null);
			}
			while (this.seats.size() > processes) {
				int last = this.seats.size() - 1;
				vacate(last, ExitReason.REQUESTED, "the pool was made smaller");
				this.seats.remove(last);
			}
			publish();
			if (state() == PoolState.RUNNING) {
				fill();
			}
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	public void recycle() {
		for (int index = 0; index < this.status.size(); index++) {
			recycle(index);
		}
	}

	/** Cleans one worker up and makes another, on this thread. */
	@Override
	public void recycle(int index) {
		replaceNow(index, ExitReason.RECYCLED, "asked for");
	}

	/** Drops one worker without its cleanup and makes another, on this thread. */
	@Override
	public void kill(int index) {
		replaceNow(index, ExitReason.CRASHED, "killed on request");
	}

	private void replaceNow(int index, ExitReason reason, String detail) {
		this.turn.lock();
		try {
			this.status.checkSeat(index);
			if (state() == PoolState.RUNNING) {
				replace(index, reason, detail);
			}
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	public void pause() {
		synchronized (this.gate) {
			this.paused = true;
		}
	}

	/** Runs what waits, on this thread. */
	@Override
	public void resume() {
		synchronized (this.gate) {
			this.paused = false;
		}
		openGate();
		startFrom(PoolState.FAILED);
	}

	@Override
	public CompletableFuture<String> threadDump(int index) {
		this.status.checkSeat(index);
		return CompletableFuture.completedFuture(ThreadDump.take());
	}

	@Override
	public void signal(String topic, String message) {
		Frames.checkSignal(name(), topic, message);
		this.signals.put(topic, message);
		for (SerialWorker worker : this.seats) {
			if (worker != null) {
				worker.signal(topic, message);
			}
		}
	}

	@Override
	public SharedFile share(InputStream content) {
		if (refusal() instanceof PoolClosedException closed) {
			throw closed;
		}
		SharedFile file = SharedFile.create(content);
		this.shared.add(file);
		return file;
	}

	@Override
	public List<ExceptionContext> cleanupFailures() {
		return this.status.cleanupFailures();
	}

	/** Cleans all workers up, on this thread. */
	@Override
	public void close() {
		this.closing.lock();
		try {
			if (state() != PoolState.STOPPING && state() != PoolState.TERMINATED) {
				become(PoolState.STOPPING);
				stopWorkers();
				this.shared.forEach(SharedFile::close);
				become(PoolState.TERMINATED);
			}
		}
		finally {
			this.closing.unlock();
		}
	}

	private void stopWorkers() {
		boolean mine = false;
		try {
			mine = this.turn.tryLock(TimeUnit.NANOSECONDS.convert(this.options.drainTimeout()), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!mine) {
			logger.warn("A task of pool '{}' still runs after drain-timeout ({} ms). It can't be killed since the"
					+ " pool is serial, and is left to itself", name(), this.options.drainTimeout().toMillis());
			return;
		}
		try {
			for (int seat = 0; seat < this.seats.size(); seat++) {
				vacate(seat, ExitReason.REQUESTED, "the pool was closed");
			}
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	public String toString() {
		return "serial pool '" + name() + "' (" + state() + ")";
	}

}
