package io.vimap.serial;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.vimap.child.ThreadDump;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.SharedFile;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerInfo;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.WorkerDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A pool without processes: each task runs on the thread that asks for its result, one
 * after the other, in one worker after the other.
 * <p>
 * What cannot be had without a process: {@code task-timeout} and the other time limits
 * are not enforced, nothing is retried or restarted (a worker that can't start makes the
 * pool FAILED at once), {@code kill} drops a worker without its cleanup,
 * {@code System.exit} and crashes end the caller's JVM, {@code max-lifetime},
 * {@code max-rss}, {@code spares} and {@code prefetch} have no effect.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class SerialPool<I extends @Nullable Object, O extends @Nullable Object> implements ProcessPool<I, O> {

	private static final int LONGEST_SIGNAL = 64 * 1024;

	private final PoolOptions options;

	private final LongAdder sent = new LongAdder();

	private final LongAdder received = new LongAdder();

	private final LongAdder succeeded = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final AtomicLong lastTask = new AtomicLong();

	private final SerialCrew crew;

	private final ReentrantLock lock = new ReentrantLock();

	/** Signalled when the state or the pause changes. */
	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private PoolState state = PoolState.NEW;

	/** Guarded by the lock. */
	private boolean paused;

	/** Guarded by the lock: who closes the pool. */
	private @Nullable Thread closer;

	/** Guarded by the lock: submitted while no task may begin. */
	private final Deque<Waiting> waiting = new ArrayDeque<>();

	/** Guarded by the lock. */
	private final List<SharedFile> shared = new ArrayList<>();

	private record Waiting(@Nullable Object input, Map<String, String> context,
			CompletableFuture<@Nullable Object> future) {
	}

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
		this.crew = new SerialCrew(options, definitions,
				new SerialWorker.Parent(inputs, outputs, this.sent, this.received), loader, this::startFailed);
	}

	PoolOptions options() {
		return this.options;
	}

	@Override
	public String name() {
		return this.options.name();
	}

	/** Makes the workers, on this thread. */
	@Override
	public void start() {
		if (move(PoolState.NEW, PoolState.STARTING)) {
			fill();
		}
	}

	private void fill() {
		this.crew.fill();
		move(PoolState.STARTING, PoolState.RUNNING);
		runWaiting();
	}

	private void startFailed() {
		if (!move(PoolState.STARTING, PoolState.FAILED)) {
			move(PoolState.RUNNING, PoolState.FAILED);
		}
	}

	/** Changes the state, if it is the expected one. */
	private boolean move(PoolState from, PoolState to) {
		this.lock.lock();
		try {
			if (this.state != from) {
				return false;
			}
			this.state = to;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.crew.tell((listener) -> listener.onStateChange(name(), from, to));
		if (to == PoolState.FAILED) {
			failWaiting();
		}
		return true;
	}

	/** Why no tasks are taken, or {@code null}. */
	@Nullable RuntimeException refusal() {
		return switch (state()) {
			case FAILED -> failure();
			case STOPPING, TERMINATED ->
				new PoolClosedException(name(), "pool '" + name() + "' is closed and takes no new tasks");
			default -> null;
		};
	}

	private PoolFailedException failure() {
		return new PoolFailedException(name(), "a worker could not start, which a serial pool does not try again",
				this.crew.exits()
					.stream()
					.filter((exit) -> exit.reason() == ExitReason.START_FAILED)
					.reduce((first, second) -> second)
					.stream()
					.toList());
	}

	/**
	 * Waits until tasks may begin, or are refused.
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	void awaitTurn() throws InterruptedException {
		this.lock.lock();
		try {
			while (mustWait()) {
				this.changed.await();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The lock is held. */
	private boolean mustWait() {
		return this.state == PoolState.NEW || this.state == PoolState.STARTING
				|| this.paused && this.state == PoolState.RUNNING;
	}

	/** Runs one task on this thread. */
	SerialResult run(@Nullable Object input, Map<String, String> context) {
		long begin = System.nanoTime();
		SerialResult result = this.crew.run(this.lastTask.incrementAndGet(), input, context);
		if (result == null) {
			RuntimeException refusal = refusal();
			result = new SerialResult(input, null,
					(refusal != null) ? refusal : new IllegalStateException("no worker"));
		}
		boolean success = result.failure() == null;
		(success ? this.succeeded : this.failed).increment();
		long took = System.nanoTime() - begin;
		this.crew
			.tell((listener) -> listener.onTask(name(), success ? TaskOutcome.SUCCESS : TaskOutcome.FAILURE, 0, took));
		return result;
	}

	/** What travels with the tasks of this thread. */
	Map<String, String> context() {
		Supplier<Map<String, String>> capture = this.options.taskContext();
		return (capture != null) ? capture.get() : Map.of();
	}

	@Override
	public Imap<I, O> imap(Iterable<? extends I> inputs) {
		return SerialPlan.of(this, () -> SerialPlan.Inputs.of(inputs.iterator()));
	}

	@Override
	public Imap<I, O> imap(Iterator<? extends I> inputs) {
		return SerialPlan.of(this, () -> SerialPlan.Inputs.of(inputs));
	}

	@Override
	public Imap<I, O> imap(Stream<? extends I> inputs) {
		return SerialPlan.of(this, () -> SerialPlan.Inputs.of(inputs));
	}

	/**
	 * Runs the task on this thread and returns a future that is done. Where tasks must
	 * not begin (before {@link #start}, while paused), they wait for the thread that lets
	 * them.
	 */
	@Override
	@SuppressWarnings("unchecked")
	public CompletableFuture<O> submit(I input) {
		Waiting task = new Waiting(input, context(), new CompletableFuture<>());
		this.lock.lock();
		try {
			if (mustWait()) {
				this.waiting.add(task);
				return (CompletableFuture<O>) task.future();
			}
		}
		finally {
			this.lock.unlock();
		}
		run(task);
		return (CompletableFuture<O>) task.future();
	}

	private void run(Waiting task) {
		RuntimeException refusal = refusal();
		if (refusal != null) {
			task.future().completeExceptionally(refusal);
		}
		else if (!task.future().isDone()) {
			SerialResult result = run(task.input(), task.context());
			if (result.failure() != null) {
				task.future().completeExceptionally(result.failure());
			}
			else {
				task.future().complete(result.output());
			}
		}
	}

	private void runWaiting() {
		while (true) {
			Waiting task;
			this.lock.lock();
			try {
				task = mustWait() ? null : this.waiting.poll();
			}
			finally {
				this.lock.unlock();
			}
			if (task == null) {
				return;
			}
			run(task);
		}
	}

	private void failWaiting() {
		RuntimeException refusal = refusal();
		List<Waiting> all;
		this.lock.lock();
		try {
			all = List.copyOf(this.waiting);
			this.waiting.clear();
		}
		finally {
			this.lock.unlock();
		}
		if (refusal != null) {
			all.forEach((task) -> task.future().completeExceptionally(refusal));
		}
	}

	@Override
	public boolean awaitReady(Duration timeout) throws InterruptedException {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			while (this.state == PoolState.NEW || this.state == PoolState.STARTING) {
				if (left <= 0) {
					return false;
				}
				left = this.changed.awaitNanos(left);
			}
		}
		finally {
			this.lock.unlock();
		}
		RuntimeException refusal = refusal();
		if (refusal != null) {
			throw refusal;
		}
		return true;
	}

	@Override
	public PoolState state() {
		this.lock.lock();
		try {
			return this.state;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public PoolStats stats() {
		PoolState now;
		boolean pausedNow;
		int queued;
		this.lock.lock();
		try {
			now = this.state;
			pausedNow = this.paused;
			queued = this.waiting.size();
		}
		finally {
			this.lock.unlock();
		}
		List<WorkerInfo> workers = this.crew.workers();
		long running = workers.stream().filter((worker) -> worker.currentTask() != null).count();
		return new PoolStats(name(), now, pausedNow, this.crew.size(), (now == PoolState.RUNNING) ? workers.size() : 0,
				0, queued, running, this.succeeded.sum(), this.failed.sum(), 0, this.crew.restarts(), this.sent.sum(),
				this.received.sum(), workers, this.crew.exits());
	}

	@Override
	public void resize(int processes) {
		if (processes < 1) {
			throw new IllegalArgumentException("Pool '" + name() + "' can't be resized to " + processes
					+ " processes. Allowed: a whole number of at least 1.");
		}
		this.crew.resize(processes);
		if (state() == PoolState.RUNNING) {
			this.crew.fill();
		}
	}

	@Override
	public void recycle() {
		for (int i = 0; i < this.crew.size(); i++) {
			recycle(i);
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
		checkSeat(index);
		if (state() == PoolState.RUNNING) {
			this.crew.replace(index, reason, detail);
		}
	}

	private void checkSeat(int index) {
		int size = this.crew.size();
		if (index < 0 || index >= size) {
			throw new IllegalArgumentException(
					"Pool '" + name() + "' has no worker " + index + ". Its workers are 0 to " + (size - 1) + ".");
		}
	}

	@Override
	public void pause() {
		paused(true);
	}

	/** Runs what waits, on this thread. */
	@Override
	public void resume() {
		paused(false);
		if (move(PoolState.FAILED, PoolState.STARTING)) {
			fill();
		}
		else {
			runWaiting();
		}
	}

	private void paused(boolean newPaused) {
		this.lock.lock();
		try {
			this.paused = newPaused;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletableFuture<String> threadDump(int index) {
		checkSeat(index);
		return CompletableFuture.completedFuture(ThreadDump.take());
	}

	@Override
	public void signal(String topic, String message) {
		int length = message.getBytes(StandardCharsets.UTF_8).length;
		if (length > LONGEST_SIGNAL) {
			throw new IllegalArgumentException("A signal of " + length + " bytes for pool '" + name()
					+ "'. Allowed: at most " + LONGEST_SIGNAL + " bytes.");
		}
		this.crew.signal(topic, message);
	}

	@Override
	public SharedFile share(InputStream content) {
		RuntimeException refusal = refusal();
		if (refusal instanceof PoolClosedException) {
			throw refusal;
		}
		SharedFile file = SharedFile.create(content);
		this.lock.lock();
		try {
			this.shared.add(file);
		}
		finally {
			this.lock.unlock();
		}
		return file;
	}

	/** Cleans all workers up, on this thread. */
	@Override
	public void close() {
		if (!beginClose()) {
			return;
		}
		failWaiting();
		this.crew.close(this.options.drainTimeout());
		List<SharedFile> files;
		this.lock.lock();
		try {
			files = List.copyOf(this.shared);
		}
		finally {
			this.lock.unlock();
		}
		files.forEach(SharedFile::close);
		move(PoolState.STOPPING, PoolState.TERMINATED);
	}

	/** Returns whether it is on this thread to close the pool; else waits until it is. */
	private boolean beginClose() {
		PoolState before;
		this.lock.lock();
		try {
			before = this.state;
			if (before == PoolState.STOPPING || before == PoolState.TERMINATED) {
				// A worker's cleanup may close the pool again: it must not wait for
				// itself.
				while (this.state != PoolState.TERMINATED && this.closer != Thread.currentThread()) {
					this.changed.awaitUninterruptibly();
				}
				return false;
			}
			this.closer = Thread.currentThread();
			this.state = PoolState.STOPPING;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.crew.tell((listener) -> listener.onStateChange(name(), before, PoolState.STOPPING));
		return true;
	}

	List<ExceptionContext> cleanupFailures() {
		return this.crew.cleanupFailures();
	}

	@Override
	public String toString() {
		return "serial pool '" + name() + "' (" + state() + ")";
	}

}
