package io.vimap.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.RetryCause;
import io.vimap.pool.TaskLocation;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.Conversation;
import io.vimap.supervision.SupervisorStatus;
import io.vimap.supervision.WorkerListener;
import io.vimap.supervision.WorkerProcess;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings waiting tasks and ready workers together. The path of a task: {@link #accept} →
 * {@link #claim} by a {@link WorkerSession} that has room → encoded and sent → answered →
 * {@link #deliver}; or, when its worker dies, {@link #gone} → back to the queue, or to
 * its end.
 * <p>
 * One lock guards all queues and the tasks in flight. No user code, no codec and no
 * socket is called while it is held.
 */
final class TaskDispatcher implements WorkerListener {

	private static final Logger logger = LoggerFactory.getLogger(TaskDispatcher.class);

	/** How long a task must run before those that wait behind it are given to others. */
	static final long SLOW_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final PoolOptions options;

	private final ValueCodec inputs;

	private final ValueCodec outputs;

	private final SupervisorStatus status;

	private final Runnable allDrained;

	private final ScheduledThreadPoolExecutor timer;

	final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final TaskQueue.RoundRobin waiting = new TaskQueue.RoundRobin();

	/** All submits. Guarded by the lock. */
	private final TaskQueue submits = new TaskQueue(1);

	/** Guarded by the lock. */
	private final List<WorkerSession> sessions = new ArrayList<>();

	/** Runs that are being read. Guarded by the lock. */
	private final List<ImapRun> runs = new ArrayList<>();

	/** Guarded by the lock: where the next search for a session begins. */
	private int nextSession;

	/** Guarded by the lock. */
	private long lastTaskId;

	/** Guarded by the lock: tasks taken and not yet handed to their owners. */
	private long unfinished;

	/** Guarded by the lock. */
	private boolean rebalancing;

	/** Written with the lock held. */
	private volatile PoolState state = PoolState.NEW;

	/** Guarded by the lock. */
	private boolean paused;

	/** The sum of the sessions' windows. Written with the lock held. */
	private final AtomicInteger totalWindow = new AtomicInteger();

	/** Guarded by the lock. */
	private long succeeded;

	/** Guarded by the lock. */
	private long failed;

	/** Guarded by the lock. */
	private long retries;

	/**
	 * Some worker has room and nothing waits: whoever can pull inputs should. Written
	 * with the lock held, read without.
	 */
	private volatile boolean hungry = true;

	TaskDispatcher(PoolOptions options, ValueCodec inputs, ValueCodec outputs, SupervisorStatus status,
			Runnable allDrained) {
		this.options = options;
		this.inputs = inputs;
		this.outputs = outputs;
		this.status = status;
		this.allDrained = allDrained;
		this.timer = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "vimap-" + options.name() + "-dispatch");
			thread.setDaemon(true);
			return thread;
		});
		// Once the pool is terminated, what was still planned has no meaning.
		this.timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
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

	SupervisorStatus status() {
		return this.status;
	}

	boolean hungry() {
		return this.hungry;
	}

	long taskTimeoutNanos() {
		Duration timeout = this.options.taskTimeout();
		return (timeout != null) ? timeout.toNanos() : 0;
	}

	/** Runs something on this dispatcher's own thread, where it may take its time. */
	@SuppressWarnings("FutureReturnValueIgnored") // what fails is logged in here
	void after(long nanos, Runnable action) {
		this.timer.schedule(() -> {
			try {
				action.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("The dispatcher of pool '{}' met an unexpected problem", this.options.name(), ex);
			}
		}, nanos, TimeUnit.NANOSECONDS);
	}

	// Taking tasks in

	/** Takes one submitted input. */
	TaskFuture<Object> submit(@Nullable Object input, Map<String, String> context) {
		TaskFuture<Object> future = new TaskFuture<>(this);
		Throwable refusal = null;
		this.lock.lock();
		try {
			refusal = refusal();
			if (refusal == null) {
				Task task = newTask(input, future, this.submits, context, System.nanoTime());
				future.task(task);
				this.waiting.add(task);
			}
		}
		finally {
			this.lock.unlock();
		}
		if (refusal != null) {
			future.completeExceptionally(refusal);
			return future;
		}
		pumpForWaiting();
		return future;
	}

	/** The lock is held. */
	Task newTask(@Nullable Object input, TaskOwner owner, TaskQueue queue, Map<String, String> context, long now) {
		this.unfinished++;
		return new Task(++this.lastTaskId, input, owner, queue, context, now);
	}

	/** Takes pulled inputs of a run; they are sent with the next pump. */
	void accept(ImapRun run, List<?> inputs, TaskQueue queue, Map<String, String> context) {
		long now = System.nanoTime();
		List<Runnable> news = new ArrayList<>();
		this.lock.lock();
		try {
			if (run.abandoned()) {
				return;
			}
			long chunk = queue.nextChunk();
			for (Object input : inputs) {
				Task task = newTask(input, run, queue, context, now);
				task.chunk = chunk;
				run.accepted(task);
				this.waiting.add(task);
			}
			if (cannotServe()) {
				// The state changed while the inputs were being pulled.
				Throwable refusal = refusalOfAccepted();
				for (Task task : this.waiting.clear(queue)) {
					task.fail(TaskOutcome.CANCELLED, refusal);
					finish(task, news);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		news.forEach(Runnable::run);
	}

	/** Whether new tasks are not taken. Any thread. */
	boolean refusing() {
		PoolState now = this.state;
		return now == PoolState.FAILED || now == PoolState.STOPPING || now == PoolState.TERMINATED;
	}

	/** Why new tasks are not taken, or {@code null}. The lock is held. */
	@Nullable RuntimeException refusal() {
		return switch (this.state) {
			case FAILED -> this.status.failure();
			case STOPPING, TERMINATED -> new PoolClosedException(this.options.name(),
					"pool '" + this.options.name() + "' is closed and takes no new tasks");
			default -> null;
		};
	}

	/** The lock is held. */
	private boolean cannotServe() {
		return this.state == PoolState.FAILED || this.state == PoolState.TERMINATED;
	}

	private RuntimeException refusalOfAccepted() {
		return (this.state == PoolState.FAILED) ? this.status.failure()
				: new PoolClosedException(this.options.name(),
						"pool '" + this.options.name()
								+ "' was closed before the task could be finished (drain-timeout is "
								+ this.options.drainTimeout().toMillis() + " ms)");
	}

	void register(ImapRun run) {
		this.lock.lock();
		try {
			this.runs.add(run);
		}
		finally {
			this.lock.unlock();
		}
	}

	// Giving tasks to workers

	/** Lets sessions with room send what waits: idle ones first, each at most once. */
	void pumpForWaiting() {
		WorkerSession session;
		int tries = 0;
		while ((session = sessionWithRoom(tries++)) != null) {
			session.pump();
		}
	}

	private @Nullable WorkerSession sessionWithRoom(int tries) {
		this.lock.lock();
		try {
			int count = this.sessions.size();
			if (this.waiting.size() == 0 || tries >= count) {
				return null;
			}
			WorkerSession best = null;
			for (int i = 0; i < count; i++) {
				int at = (this.nextSession + i) % count;
				WorkerSession session = this.sessions.get(at);
				if (session.room() > 0 && (best == null || session.held() < best.held())) {
					best = session;
					if (session.held() == 0) {
						this.nextSession = (at + 1) % count;
						break;
					}
				}
			}
			return best;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Moves waiting tasks to a session, its fair share of them.
	 * @param session the session that asks; receives them as in flight
	 * @param batch receives them too
	 */
	void claim(WorkerSession session, List<Task> batch) {
		this.lock.lock();
		try {
			int room = this.paused ? 0 : session.room();
			if (room > 0 && this.waiting.size() > 0) {
				int sharers = 0;
				int idle = 0;
				for (WorkerSession other : this.sessions) {
					sharers += (other.room() > 0) ? 1 : 0;
					idle += (other.room() > 0 && other.held() == 0 && other != session) ? 1 : 0;
				}
				long share = (this.waiting.size() + sharers - 1) / sharers;
				// What an idle worker could begin at once is not prefetched by another.
				long left = Math.max((session.held() == 0) ? 1 : 0, this.waiting.size() - idle);
				int wanted = (int) Math.min(Math.min(room, Math.min(share, left)), WorkerSession.BATCH);
				this.waiting.take(wanted, batch);
				session.claimed(batch);
			}
			this.hungry = this.waiting.size() == 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	// Bringing results back

	/**
	 * Hands finished tasks to their owners and puts those that are tried again back to
	 * the queue.
	 */
	void deliver(List<Task> done) {
		List<Runnable> news = new ArrayList<>(4);
		boolean drained;
		this.lock.lock();
		try {
			for (Task task : done) {
				if (task.outcome == TaskOutcome.CANCELLED && task.failure == null) {
					again(task, news);
				}
				else {
					finish(task, news);
				}
			}
			drained = isDrained();
		}
		finally {
			this.lock.unlock();
		}
		news.forEach(Runnable::run);
		for (PoolListener listener : this.options.listeners()) {
			tell(listener, done);
		}
		if (drained) {
			this.allDrained.run();
		}
	}

	private void tell(PoolListener listener, List<Task> done) {
		long now = System.nanoTime();
		for (Task task : done) {
			try {
				if (task.finished) {
					listener.onTask(this.options.name(), task.outcome,
							Math.max(0, now - task.acceptedAt - task.ranNanos), task.ranNanos);
				}
				else if (task.attempts != null) {
					listener.onRetry(this.options.name(), task.id, task.attempts.get(task.attempts.size() - 1));
				}
			}
			catch (RuntimeException | Error ex) {
				logger.warn("A listener of pool '{}' failed", this.options.name(), ex);
			}
		}
	}

	/** The lock is held. */
	private void finish(Task task, List<Runnable> news) {
		task.finished = true;
		this.unfinished--;
		if (task.outcome == TaskOutcome.SUCCESS) {
			this.succeeded++;
		}
		else {
			this.failed++;
		}
		Runnable action = task.owner.finished(task);
		if (action != null && (news.isEmpty() || news.get(news.size() - 1) != action)) {
			news.add(action);
		}
	}

	/** Puts a task back, or drops it. The lock is held. */
	void again(Task task, List<Runnable> news) {
		if (task.owner.abandoned()) {
			this.unfinished--;
		}
		else if (cannotServe()) {
			task.fail(TaskOutcome.CANCELLED, refusalOfAccepted());
			finish(task, news);
		}
		else {
			this.waiting.putBack(task);
		}
	}

	/** The lock is held. */
	private boolean isDrained() {
		return this.state == PoolState.STOPPING && this.unfinished == 0;
	}

	/**
	 * Decides about a task whose attempt has failed: it is tried again, or has failed.
	 * @param task the task; either ready to be put back, or with its failure set
	 * @param cause what the attempt failed of
	 * @param attempt the attempt
	 * @param failure makes the failure from all attempts
	 */
	private void judge(Task task, RetryCause cause, Attempt attempt, Function<List<Attempt>, Throwable> failure) {
		List<Attempt> attempts = task.failedAttempt(attempt);
		if (attempts.size() < this.options.retryMaxAttempts() && this.options.retryOn().contains(cause)) {
			task.outcome = TaskOutcome.CANCELLED;
			task.failure = null;
			this.lock.lock();
			try {
				this.retries++;
			}
			finally {
				this.lock.unlock();
			}
		}
		else {
			task.fail((cause == RetryCause.CRASH) ? TaskOutcome.CRASH : TaskOutcome.TIMEOUT, failure.apply(attempts));
		}
	}

	/** The worker has answered, but only after it was interrupted at its deadline. */
	void timedOut(Task task, WorkerProcess worker, long elapsedNanos, String stack, String killedBy) {
		Duration limit = Duration.ofNanos(task.owner.timeoutNanos());
		Duration elapsed = Duration.ofNanos(elapsedNanos);
		Attempt attempt = new Attempt(worker.index(), worker.pid(), ExitReason.TASK_TIMEOUT,
				"ran " + elapsed.toMillis() + " ms" + killedBy, Instant.now());
		judge(task, RetryCause.TIMEOUT, attempt, (attempts) -> new TaskTimeoutException(location(task, worker),
				task.owner.timeoutProperty(), limit, elapsed, stack, attempts));
	}

	/** The worker ended while it ran the task. */
	private void crashed(Task task, WorkerProcess worker, WorkerExit exit) {
		Attempt attempt = new Attempt(worker.index(), worker.pid(), exit.reason(), exit.status(), exit.when());
		judge(task, RetryCause.CRASH, attempt,
				(attempts) -> new WorkerCrashedException(location(task, worker), exit, attempts));
	}

	TaskLocation location(Task task, WorkerProcess worker) {
		return new TaskLocation(this.options.name(), worker.index(), worker.pid(), task.id);
	}

	// Taking tasks back

	/** A submitted task has been cancelled. */
	void takeBack(Task task, boolean interrupt) {
		WorkerSession holder = null;
		boolean running = false;
		boolean drained;
		this.lock.lock();
		try {
			((TaskFuture<?>) task.owner).abandon(interrupt);
			if (this.waiting.remove(task)) {
				this.unfinished--;
			}
			else {
				for (WorkerSession session : this.sessions) {
					if (session.holds(task)) {
						holder = session;
						running = session.isFirst(task);
					}
				}
			}
			drained = isDrained();
		}
		finally {
			this.lock.unlock();
		}
		if (drained) {
			this.allDrained.run();
		}
		if (holder != null) {
			if (!running) {
				holder.recall();
			}
			// It may have begun meanwhile.
			holder.interruptIfUnwanted();
		}
	}

	/** A run is not read any more. */
	void takeBack(ImapRun run, TaskQueue queue) {
		List<WorkerSession> holders = new ArrayList<>();
		boolean drained;
		this.lock.lock();
		try {
			this.runs.remove(run);
			this.unfinished -= this.waiting.clear(queue).size();
			for (WorkerSession session : this.sessions) {
				if (session.holdsUnbegunOf(run)) {
					holders.add(session);
				}
			}
			drained = isDrained();
		}
		finally {
			this.lock.unlock();
		}
		holders.forEach(WorkerSession::recall);
		if (drained) {
			this.allDrained.run();
		}
	}

	/**
	 * When a worker is idle, nothing waits, and another worker holds tasks behind a slow
	 * one: gives those to the idle one.
	 */
	void rebalance() {
		WorkerSession busiest = null;
		this.lock.lock();
		try {
			this.rebalancing = false;
			if (this.waiting.size() > 0 || this.paused || !hasIdle()) {
				return;
			}
			long now = System.nanoTime();
			boolean later = false;
			for (WorkerSession session : this.sessions) {
				if (session.holdsBehindChunk() && session.mayRecall()) {
					later = true;
					if (now - session.headSince() >= SLOW_NANOS
							&& (busiest == null || session.held() > busiest.held())) {
						busiest = session;
					}
				}
			}
			if (later) {
				rebalanceSoon();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (busiest != null) {
			busiest.recall();
		}
	}

	/** The lock is held. */
	void rebalanceSoon() {
		if (!this.rebalancing && this.waiting.size() == 0 && this.sessions.size() > 1 && hasIdle() && hasRecallable()) {
			this.rebalancing = true;
			after(SLOW_NANOS, this::rebalance);
		}
	}

	private boolean hasIdle() {
		for (WorkerSession session : this.sessions) {
			if (session.held() == 0 && session.room() > 0) {
				return true;
			}
		}
		return false;
	}

	private boolean hasRecallable() {
		for (WorkerSession session : this.sessions) {
			if (session.holdsBehindChunk() && session.mayRecall()) {
				return true;
			}
		}
		return false;
	}

	// What the supervisor tells

	@Override
	public Conversation open(WorkerProcess worker) {
		return new WorkerSession(this, worker);
	}

	@Override
	public void ready(Conversation conversation) {
		WorkerSession session = (WorkerSession) conversation;
		this.lock.lock();
		try {
			this.sessions.add(session);
			windowChanged(session.window());
			// Those who were ready earlier may have prefetched all there is.
			rebalanceSoon();
		}
		finally {
			this.lock.unlock();
		}
		after(0, () -> {
			pumpForWaiting();
			wakeRuns();
		});
	}

	@Override
	public void retire(Conversation conversation) {
		after(0, ((WorkerSession) conversation)::retire);
	}

	@Override
	public void gone(Conversation conversation, WorkerExit exit, @Nullable Outbox outbox) {
		after(0, () -> bury((WorkerSession) conversation, exit, outbox));
	}

	private void bury(WorkerSession session, WorkerExit exit, @Nullable Outbox outbox) {
		session.recover(outbox);
		List<Task> left = new ArrayList<>();
		this.lock.lock();
		try {
			this.sessions.remove(session);
			windowChanged(-session.window());
			session.takeAll(left);
		}
		finally {
			this.lock.unlock();
		}
		// Put back in reverse, each to the front: so they keep their order.
		Collections.reverse(left);
		for (Task task : left) {
			boolean begun = (outbox != null) ? task.number == outbox.begun() : task == left.get(left.size() - 1);
			if (begun && exit.reason() == ExitReason.REQUESTED && refusing()) {
				task.fail(TaskOutcome.CANCELLED, refusalAfterStop());
			}
			else if (begun && exit.reason() == ExitReason.TASK_TIMEOUT) {
				session.overdue(task, exit);
			}
			else if (begun) {
				crashed(task, session.worker(), exit);
			}
		}
		deliver(left);
		pumpForWaiting();
		wakeRuns();
	}

	private RuntimeException refusalAfterStop() {
		this.lock.lock();
		try {
			return refusalOfAccepted();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onStateChange(PoolState from, PoolState to) {
		this.lock.lock();
		try {
			this.state = to;
		}
		finally {
			this.lock.unlock();
		}
		if (to == PoolState.TERMINATED) {
			this.timer.execute(() -> {
				failWaiting();
				this.timer.shutdown();
			});
		}
		else {
			this.timer.execute(this::failWaiting);
		}
	}

	private void failWaiting() {
		List<Task> hopeless = List.of();
		boolean drained;
		this.lock.lock();
		try {
			if (cannotServe()) {
				hopeless = this.waiting.clear();
				RuntimeException refusal = refusalOfAccepted();
				hopeless.forEach((task) -> task.fail(TaskOutcome.CANCELLED, refusal));
			}
			drained = isDrained();
		}
		finally {
			this.lock.unlock();
		}
		deliver(hopeless);
		wakeRuns();
		if (drained) {
			this.allDrained.run();
		}
	}

	private void wakeRuns() {
		List<ImapRun> all;
		this.lock.lock();
		try {
			all = List.copyOf(this.runs);
		}
		finally {
			this.lock.unlock();
		}
		all.forEach(ImapRun::wake);
	}

	// Pausing, and figures

	void pause(boolean newPaused) {
		List<WorkerSession> all;
		this.lock.lock();
		try {
			this.paused = newPaused;
			all = List.copyOf(this.sessions);
		}
		finally {
			this.lock.unlock();
		}
		if (newPaused) {
			all.forEach(WorkerSession::recall);
		}
		else {
			all.forEach(WorkerSession::pump);
		}
	}

	/** The lock is held. */
	void windowChanged(int difference) {
		this.totalWindow.addAndGet(difference);
	}

	/** Any thread. */
	int totalWindow() {
		return this.totalWindow.get();
	}

	Figures figures() {
		this.lock.lock();
		try {
			long inFlight = 0;
			for (WorkerSession session : this.sessions) {
				inFlight += session.held();
			}
			return new Figures(this.paused, this.waiting.size(), inFlight, this.succeeded, this.failed, this.retries);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What the dispatcher contributes to a pool's statistics.
	 */
	record Figures(boolean paused, long queueDepth, long inFlight, long succeeded, long failed, long retries) {
	}

}
