package io.vimap.serial;

import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.vimap.child.ThreadDump;
import io.vimap.imap.ImapEngine;
import io.vimap.imap.ImapPlan;
import io.vimap.imap.ImapResults;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.SharedFile;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerInfo;
import io.vimap.protocol.Frames;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.PoolStatus;
import io.vimap.supervision.SharedFiles;
import io.vimap.supervision.WorkerDefinition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool without processes: each task runs on the thread that asks for its result, one at
 * a time, in one worker after the other.
 * <p>
 * What cannot be had without a process: an interrupt of the calling thread while a task
 * runs reaches the task as well as the caller, and so does one that the task makes; a
 * task that is over its time is interrupted, but not killed, and not tried again; the
 * other time limits are not enforced; a worker that can't start makes the pool FAILED at
 * once; {@code kill} drops a worker without its cleanup; {@code System.exit} and crashes
 * end the caller's JVM; {@code max-lifetime}, {@code max-rss}, {@code spares} and
 * {@code prefetch} have no effect.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class SerialPool<I extends @Nullable Object, O extends @Nullable Object> implements ImapEngine<I, O> {

	private static final Logger logger = LoggerFactory.getLogger(SerialPool.class);

	private final PoolOptions options;

	private final SerialTurn turn = new SerialTurn();

	/**
	 * It changes during a turn, of which listeners hear after it: they may ask the pool
	 * for something.
	 */
	private final PoolStatus status;

	private final SerialCrew crew;

	private final SerialWorker.Codecs codecs;

	private final LongAdder succeeded = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final SharedFiles shared;

	/** The thread that closes the pool, or has done so. Any thread. */
	private final AtomicReference<@Nullable Thread> closer = new AtomicReference<>();

	/** Completed when nothing of the pool is left. Any thread. */
	private final CompletableFuture<@Nullable Void> terminated = new CompletableFuture<>();

	private final SerialGate gate;

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
		this.status = new PoolStatus(options, this.turn::afterwards);
		this.gate = new SerialGate(this.status);
		this.shared = new SharedFiles(options.name(), this.status);
		this.codecs = new SerialWorker.Codecs(inputs, outputs, new LongAdder(), new LongAdder());
		this.crew = new SerialCrew(options, definitions, this.codecs, loader, this.turn, this.status,
				this::startFailed);
	}

	@Override
	public PoolOptions options() {
		return this.options;
	}

	// Tasks

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
		Map<String, String> context = context();
		CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
		Runnable task = () -> answer(future, input, context);
		if (!this.gate.keep(task)) {
			task.run();
		}
		return (CompletableFuture<O>) future;
	}

	private void answer(CompletableFuture<@Nullable Object> future, @Nullable Object input,
			Map<String, String> context) {
		RuntimeException refusal = refusal();
		if (refusal != null) {
			future.completeExceptionally(refusal);
		}
		else if (!future.isDone()) {
			SerialResult result = run(input, context, null);
			if (result.failure() != null) {
				future.completeExceptionally(result.failure());
			}
			else {
				future.complete(result.output());
			}
		}
	}

	/** Lets those go on who wait, and runs on this thread what was kept back. */
	private void openGate() {
		this.gate.stateChanged();
		this.turn.afterwards(() -> {
			Runnable task;
			while ((task = this.gate.poll()) != null) {
				task.run();
			}
		});
	}

	/** Something has happened that a reader may wait for. */
	void stateChanged() {
		this.gate.stateChanged();
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
		this.gate.awaitOpen();
	}

	/**
	 * Waits until tasks are refused, or the reader has what it waits for.
	 * @param done whether that is so; {@link #stateChanged} is called when it is
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void awaitRefusalOr(BooleanSupplier done) throws InterruptedException {
		this.gate.await(() -> done.getAsBoolean() || refusal() != null);
	}

	/** Runs one task on this thread. */
	SerialResult run(@Nullable Object input, Map<String, String> context, @Nullable Duration timeout) {
		long begin = System.nanoTime();
		SerialResult result = this.crew.run(input, context, timeout);
		long ran = System.nanoTime() - begin;
		if (result == null) {
			RuntimeException refusal = refusal();
			return new SerialResult(input, null, (refusal != null) ? refusal : new IllegalStateException(
					"A worker of pool '" + name() + "' is being replaced by this very thread."));
		}
		TaskOutcome outcome = (result.failure() == null) ? TaskOutcome.SUCCESS
				: (result.failure() instanceof TaskTimeoutException) ? TaskOutcome.TIMEOUT : TaskOutcome.FAILURE;
		((outcome == TaskOutcome.SUCCESS) ? this.succeeded : this.failed).increment();
		this.status.tell((listener) -> listener.onTask(name(), outcome, 0, ran));
		return result;
	}

	// The life of the pool

	/** Makes the workers, on this thread. */
	@Override
	public void start() {
		startFrom(PoolState.NEW);
	}

	private void startFrom(PoolState expected) {
		if (this.status.move(expected, PoolState.STARTING)) {
			this.crew.fill();
			this.status.move(PoolState.STARTING, PoolState.RUNNING);
			openGate();
		}
	}

	private void startFailed() {
		this.status.failed("a worker could not start, which a serial pool does not try again");
		if (this.status.move(PoolState.STARTING, PoolState.FAILED)
				|| this.status.move(PoolState.RUNNING, PoolState.FAILED)) {
			openGate();
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
		List<WorkerInfo> workers = this.crew.workers();
		long running = workers.stream().filter((worker) -> worker.currentTask() != null).count();
		return new PoolStats(name(), state(), this.gate.isPaused(), this.status.size(), this.status.ready(), 0,
				this.gate.waiting(), running, this.succeeded.sum(), this.failed.sum(), 0, this.status.restarts(),
				this.codecs.sent().sum(), this.codecs.received().sum(), workers, this.status.exits());
	}

	@Override
	public void resize(int processes) {
		this.status.checkSize(processes);
		this.crew.resize(processes);
		if (state() == PoolState.RUNNING) {
			this.crew.fill();
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
		replace(index, ExitReason.RECYCLED, "asked for");
	}

	/** Drops one worker without its cleanup and makes another, on this thread. */
	@Override
	public void kill(int index) {
		replace(index, ExitReason.CRASHED, "killed on request");
	}

	private void replace(int index, ExitReason reason, String detail) {
		this.status.checkSeat(index);
		if (state() == PoolState.RUNNING) {
			this.crew.replace(index, reason, detail);
		}
	}

	@Override
	public void pause() {
		this.gate.paused(true);
	}

	/** Runs what waits, on this thread. */
	@Override
	public void resume() {
		this.gate.paused(false);
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
		this.crew.signal(topic, message);
	}

	@Override
	public SharedFile share(InputStream content) {
		return this.shared.share(() -> SharedFile.create(content));
	}

	@Override
	public List<ExceptionContext> cleanupFailures() {
		return this.status.cleanupFailures();
	}

	/** Cleans all workers up, on this thread. */
	@Override
	public void close() {
		Thread current = Thread.currentThread();
		if (this.closer.compareAndSet(null, current)) {
			try {
				end();
			}
			finally {
				this.terminated.complete(null);
			}
		}
		// A worker's cleanup, or a listener, may close the pool again.
		else if (this.closer.get() != current) {
			this.terminated.join();
		}
	}

	private void end() {
		this.status.state(PoolState.STOPPING);
		openGate();
		if (!this.crew.close(this.options.drainTimeout())) {
			logger.warn(
					"A task of pool '{}' still runs after drain-timeout ({} ms). It can't be killed since"
							+ " the pool is serial, and is left to itself",
					name(), this.options.drainTimeout().toMillis());
		}
		this.shared.removeAll();
		this.status.state(PoolState.TERMINATED);
	}

	@Override
	public String toString() {
		return "serial pool '" + name() + "' (" + state() + ")";
	}

}
