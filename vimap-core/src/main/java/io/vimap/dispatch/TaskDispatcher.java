package io.vimap.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.vimap.pool.PoolOptions;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.SupervisorStatus;
import org.jspecify.annotations.Nullable;

/**
 * Brings waiting tasks and ready workers together. The path of a task is in the
 * description of this package.
 * <p>
 * One lock guards all queues and all tasks that are not with their owners. Whoever
 * changes something does it in a {@link Turn}, at the end of which {@link #settle} gives
 * what waits to whoever has room. No user code, no codec and no socket is called while
 * the lock is held.
 */
final class TaskDispatcher {

	/** How long a task must run before those that wait behind it are given to others. */
	static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final PoolOptions options;

	private final ValueCodec inputs;

	private final ValueCodec outputs;

	private final SupervisorStatus status;

	private final Scheduler scheduler;

	private final Runnable allDrained;

	private final Admission admission;

	private final RetryPolicy retryPolicy;

	private final TaskNews news;

	final ReentrantLock lock = new ReentrantLock();

	// All that follows is guarded by the lock.

	private final TaskQueue.RoundRobin waiting = new TaskQueue.RoundRobin();

	/** All submits. */
	private final TaskQueue submits = new TaskQueue(1);

	private final Crew crew = new Crew();

	private final Rebalancing rebalancing = new Rebalancing(this, this.crew);

	/** Those that hear when the pool changes. */
	private final List<TaskOwner> watchers = new ArrayList<>();

	private long lastTaskId;

	/** Tasks taken and not yet handed to their owners. */
	private long unfinished;

	private boolean paused;

	private long succeeded;

	private long failed;

	private long retries;

	/**
	 * Nothing waits: whoever can pull inputs should. Written with the lock held, read
	 * without.
	 */
	private volatile boolean hungry = true;

	TaskDispatcher(PoolOptions options, ValueCodec inputs, ValueCodec outputs, SupervisorStatus status,
			Scheduler scheduler, Runnable allDrained) {
		this.options = options;
		this.inputs = inputs;
		this.outputs = outputs;
		this.status = status;
		this.scheduler = scheduler;
		this.allDrained = allDrained;
		this.admission = new Admission(options, status);
		this.retryPolicy = new RetryPolicy(options);
		this.news = new TaskNews(options.name(), status.listeners(), scheduler);
	}

	PoolOptions options() {
		return this.options;
	}

	ValueCodec inputs() {
		return this.inputs;
	}

	ValueCodec outputs() {
		return this.outputs;
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	/** How long a task may run by the pool's options, 0 for without limit. */
	long taskTimeoutNanos() {
		Duration timeout = this.options.taskTimeout();
		return (timeout != null) ? timeout.toNanos() : 0;
	}

	/**
	 * Called before somebody waits for a task, however long that takes. Any thread.
	 * @throws IllegalStateException if the task may wait for this very thread
	 */
	void refuseOwnThread() {
		if (this.scheduler.isOwnThread()) {
			throw new IllegalStateException("The thread '" + Thread.currentThread().getName() + "' is one of pool '"
					+ this.options.name() + "' itself, which calls its listeners there. It must not wait for a task of"
					+ " this pool: it may be the one to bring the answer. Go on in a callback, as in"
					+ " submit(…).thenAccept(…), or wait on a thread of your own.");
		}
	}

	/** How many workers the pool should have. Any thread. */
	int size() {
		return this.status.size();
	}

	Admission admission() {
		return this.admission;
	}

	Crew crew() {
		return this.crew;
	}

	Rebalancing rebalancing() {
		return this.rebalancing;
	}

	boolean hungry() {
		return this.hungry;
	}

	// Turns

	/** Takes the lock; closing the turn releases it. */
	Turn begin() {
		return new Turn(this);
	}

	/** Reads something with the lock held. */
	<T extends @Nullable Object> T locked(Supplier<T> read) {
		this.lock.lock();
		try {
			return read.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Ends a turn: what waits goes to whoever has room. The lock is held. */
	void settle(Turn turn) {
		if (!this.paused) {
			this.crew.assign(this.waiting, turn);
		}
		this.hungry = this.waiting.size() == 0;
		for (WorkerSession session : turn.touched()) {
			session.settle(turn);
		}
		if (this.admission.closing() && isDrained()) {
			turn.afterwards(this.allDrained);
		}
	}

	/** Whether no task is left, or none that a paused pool would finish. */
	private boolean isDrained() {
		return this.unfinished == 0 || this.paused && this.crew.inFlight() == 0;
	}

	// Taking tasks in

	/** Takes one submitted input. */
	TaskFuture<Object> submit(@Nullable Object input, Map<String, String> context) {
		TaskFuture<Object> future = new TaskFuture<>(this);
		Throwable refusal;
		try (Turn turn = begin()) {
			refusal = this.admission.refusal();
			if (refusal == null) {
				Task task = new Task(input, future, this.submits, context);
				future.task(task);
				add(task, 0, this.scheduler.nanoTime());
			}
		}
		if (refusal != null) {
			future.completeExceptionally(refusal);
		}
		return future;
	}

	/** Takes the tasks of inputs that were pulled together. The lock is held. */
	void accept(TaskOwner owner, TaskQueue queue, List<Task> tasks, Turn turn) {
		if (owner.abandoned()) {
			return;
		}
		long now = this.scheduler.nanoTime();
		long chunk = queue.nextChunk();
		for (Task task : tasks) {
			add(task, chunk, now);
			owner.accepted(task);
		}
		// The state may have changed while the inputs were being pulled.
		cancelHopeless(turn);
	}

	private void add(Task task, long chunk, long now) {
		this.unfinished++;
		task.id = ++this.lastTaskId;
		task.chunk = chunk;
		task.acceptedAt = now;
		this.waiting.add(task);
	}

	// Where tasks end: the lock is held

	/** Hands a task that has its outcome to its owner. */
	void finish(Task task, Turn turn) {
		task.finished = true;
		this.unfinished--;
		if (task.outcome == TaskOutcome.SUCCESS) {
			this.succeeded++;
		}
		else {
			this.failed++;
		}
		task.owner.finished(task, turn);
		this.news.finished(task, turn);
	}

	/** Puts a task back to where it came from, or drops it. */
	void again(Task task, Turn turn) {
		if (task.owner.abandoned()) {
			drop(task, turn);
		}
		else if (this.admission.hopeless()) {
			cancel(task, turn);
		}
		else {
			this.waiting.putBack(task);
		}
	}

	/** Forgets a task that its caller has taken back: only the listeners hear of it. */
	private void drop(Task task, Turn turn) {
		this.unfinished--;
		this.news.finished(task, turn);
	}

	/** Gives up a task that nobody can run any more. */
	void cancel(Task task, Turn turn) {
		RuntimeException refusal = this.admission.hopelessness();
		task.fail(TaskOutcome.CANCELLED, () -> refusal);
		finish(task, turn);
	}

	/** Gives up all that wait, if nobody can run them any more. */
	void cancelHopeless(Turn turn) {
		if (this.admission.hopeless()) {
			this.waiting.clear().forEach((task) -> cancel(task, turn));
		}
	}

	/**
	 * A task has ended, but only after it was interrupted: at its deadline, or because
	 * its caller has cancelled it.
	 * @param task the task
	 * @param session the worker that ran it
	 * @param end how the worker ended over it, empty if it lives
	 * @param turn the turn
	 */
	void interrupted(Task task, WorkerSession session, String end, Turn turn) {
		if (task.owner.unwanted()) {
			drop(task, turn);
			return;
		}
		afterAttempt(task, this.retryPolicy.triesAgainAfterTimeout(task, session.location(task),
				session.watch().nanos(), session.watch().stackOf(task), end), turn);
	}

	/** The worker ended while it ran the task. */
	void crashed(Task task, WorkerSession session, WorkerExit exit, Turn turn) {
		afterAttempt(task, this.retryPolicy.triesAgainAfterCrash(task, session.location(task), exit), turn);
	}

	private void afterAttempt(Task task, boolean triesAgain, Turn turn) {
		if (triesAgain) {
			this.retries++;
			task.lostNanos += task.ranNanos;
			task.ranNanos = 0;
			this.news.retried(task, turn);
			again(task, turn);
		}
		else {
			finish(task, turn);
		}
	}

	// Taking tasks back

	/** A submitted task has been cancelled. */
	void takeBack(Task task, TaskFuture<?> future, boolean interrupt) {
		try (Turn turn = begin()) {
			future.abandon(interrupt);
			if (this.waiting.remove(task)) {
				drop(task, turn);
				return;
			}
			for (WorkerSession session : this.crew.sessions()) {
				if (session.window().holds(task)) {
					// If it is the first, the session's watch interrupts it.
					turn.touch(session);
					if (session.window().first() != task) {
						session.recall(turn);
					}
				}
			}
		}
	}

	/** Nobody waits for the tasks of an owner any more. The lock is held. */
	void takeBack(TaskOwner owner, TaskQueue queue, Turn turn) {
		this.watchers.remove(owner);
		this.waiting.clear(queue).forEach((task) -> drop(task, turn));
		for (WorkerSession session : this.crew.sessions()) {
			if (session.window().holdsUnbegunOf(owner)) {
				session.recall(turn);
			}
		}
	}

	// When the pool changes: the lock is held

	/** The owner wants to hear when the pool changes. */
	void watch(TaskOwner owner) {
		this.watchers.add(owner);
	}

	void tellWatchers(Turn turn) {
		this.watchers.forEach((owner) -> turn.afterwards(owner::poolChanged));
	}

	// Pausing, and figures

	/** The lock is held. */
	boolean paused() {
		return this.paused;
	}

	void pause(boolean newPaused) {
		try (Turn turn = begin()) {
			this.paused = newPaused;
			if (newPaused) {
				this.crew.sessions().forEach((session) -> session.recall(turn));
			}
		}
	}

	Figures figures() {
		return locked(() -> new Figures(this.paused, this.waiting.size(), this.crew.inFlight(), this.succeeded,
				this.failed, this.retries));
	}

	/**
	 * What the dispatcher contributes to a pool's statistics.
	 */
	record Figures(boolean paused, long queueDepth, long inFlight, long succeeded, long failed, long retries) {
	}

}
