package io.vimap.supervision;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerCleanupException;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the seats of one pool occupied. One thread owns all slot and process state and is
 * fed by one queue of events; whatever happens ends in {@link #reconcile()}, which starts
 * what is missing. {@link #replace} decides what follows the end of a worker.
 * <p>
 * Pool: NEW → STARTING → RUNNING → STOPPING → TERMINATED, and FAILED when the restart
 * limit is hit, from which {@code resume} leads to STARTING.
 */
public final class WorkerSupervisor {

	private static final Logger logger = LoggerFactory.getLogger(WorkerSupervisor.class);

	private static final int MOST_LAUNCHES = 8;

	/** Time to see a process end after its socket has, and the other way round. */
	private static final long LOOSE_END_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long RSS_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

	private record Timer(long due, SupervisorEvent.Alarm alarm) {
	}

	private final PoolOptions options;

	private final List<WorkerDefinition> definitions;

	private final WorkerStarter starter;

	private final WorkerListener listener;

	private final SupervisorStatus status;

	private final RestartPolicy policy;

	private final LongSupplier clock;

	private final int mostLaunches;

	private final BlockingQueue<SupervisorEvent> events = new LinkedBlockingQueue<>();

	private final CompletableFuture<Void> terminated = new CompletableFuture<>();

	// All that follows belongs to the supervisor thread.

	private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(Timer::due));

	private final List<WorkerSlot> slots = new ArrayList<>();

	/** All processes that have not EXITED, whatever they are for. */
	private final Set<WorkerProcess> processes = new LinkedHashSet<>();

	/** Connected processes that wait for a seat, and those on the way there. */
	private final Deque<WorkerProcess> spares = new ArrayDeque<>();

	private final Deque<Long> restarts = new ArrayDeque<>();

	private final Map<String, String> signals = new HashMap<>();

	private int launching;

	/** Closing: no tasks are left, all processes are being stopped. */
	private boolean winding;

	/**
	 * Creates a supervisor; nothing runs before {@link #run}.
	 * @param options the pool's options
	 * @param definitions what the seats run, one per seat
	 * @param starter starts processes
	 * @param listener hears which workers are ready and which are gone
	 * @param status shows others what the supervisor knows
	 * @param clock the time in nanoseconds, as {@link System#nanoTime()}
	 */
	public WorkerSupervisor(PoolOptions options, List<WorkerDefinition> definitions, WorkerStarter starter,
			WorkerListener listener, SupervisorStatus status, LongSupplier clock) {
		this.options = options;
		this.definitions = List.copyOf(definitions);
		this.starter = starter;
		this.listener = listener;
		this.status = status;
		this.policy = RestartPolicy.of(options);
		this.clock = clock;
		this.mostLaunches = Math.min(MOST_LAUNCHES, 2 * Runtime.getRuntime().availableProcessors());
		for (WorkerDefinition definition : definitions) {
			this.slots.add(new WorkerSlot(this.slots.size(), definition));
		}
		status.publish(this.slots);
	}

	/**
	 * Returns what is completed when nothing of the pool is left.
	 * @return completes on the supervisor thread
	 */
	public CompletableFuture<Void> terminated() {
		return this.terminated;
	}

	/**
	 * Brings an event. Any thread.
	 * @param event what happened
	 */
	void post(SupervisorEvent event) {
		this.events.add(event);
	}

	/** The supervisor thread: takes events until the pool is terminated. */
	public void run() {
		while (!this.terminated.isDone()) {
			try {
				SupervisorEvent event = await();
				if (event != null) {
					handle(event);
				}
			}
			catch (InterruptedException ex) {
				// Nobody has a reason to: this thread ends with the pool.
				logger.warn("The supervisor of pool '{}' was interrupted and goes on", this.options.name());
			}
			catch (RuntimeException | Error ex) {
				logger.error("The supervisor of pool '{}' met an unexpected problem", this.options.name(), ex);
			}
		}
	}

	private @Nullable SupervisorEvent await() throws InterruptedException {
		Timer timer = this.timers.peek();
		if (timer == null) {
			return this.events.take();
		}
		long wait = timer.due() - this.clock.getAsLong();
		SupervisorEvent event = (wait > 0) ? this.events.poll(wait, TimeUnit.NANOSECONDS) : this.events.poll();
		return (event != null) ? event : dueAlarm();
	}

	/** The next alarm whose time has come. */
	SupervisorEvent.@Nullable Alarm dueAlarm() {
		Timer timer = this.timers.peek();
		if (timer == null || timer.due() > this.clock.getAsLong()) {
			return null;
		}
		this.timers.remove();
		return timer.alarm();
	}

	/** All processes that have not EXITED. Supervisor thread only. */
	Set<WorkerProcess> processes() {
		return this.processes;
	}

	private void after(long nanos, Runnable action) {
		this.timers.add(new Timer(this.clock.getAsLong() + nanos, new SupervisorEvent.Alarm(action)));
	}

	/** Takes one event. Supervisor thread only. */
	void handle(SupervisorEvent event) {
		if (event instanceof SupervisorEvent.Start) {
			start();
		}
		else if (event instanceof SupervisorEvent.Connected connected) {
			onConnected(connected.worker(), connected.link());
		}
		else if (event instanceof SupervisorEvent.WrongVersion wrong) {
			end(wrong.worker(), ExitReason.START_FAILED, wrong.message());
		}
		else if (event instanceof SupervisorEvent.Ready ready) {
			onReady(ready.worker());
		}
		else if (event instanceof SupervisorEvent.StartFailed failed) {
			failed.worker().failure = failed.failure();
			// It exits by itself; killing it now could cut its last output off.
			stopping(failed.worker(), ExitReason.START_FAILED, "");
		}
		else if (event instanceof SupervisorEvent.Goodbye goodbye) {
			onGoodbye(goodbye.worker(), goodbye.failure());
		}
		else if (event instanceof SupervisorEvent.ProtocolBroken broken) {
			end(broken.worker(), ExitReason.PROTOCOL_ERROR, broken.message());
		}
		else if (event instanceof SupervisorEvent.ConnectionEnded ended) {
			onConnectionEnded(ended.worker());
		}
		else if (event instanceof SupervisorEvent.Exited exited) {
			onExited(exited);
		}
		else if (event instanceof SupervisorEvent.TaskOverdue overdue) {
			end(overdue.worker(), ExitReason.TASK_TIMEOUT, overdue.detail());
		}
		else if (event instanceof SupervisorEvent.Drained drained) {
			onDrained(drained.worker());
		}
		else {
			handleRequest(event);
		}
		reconcile();
	}

	private void handleRequest(SupervisorEvent event) {
		if (event instanceof SupervisorEvent.LimitReached limit) {
			wantRecycle(limit.worker(), limit.limit());
		}
		else if (event instanceof SupervisorEvent.Recycle recycle) {
			for (WorkerSlot slot : this.slots) {
				if (recycle.index() == SupervisorEvent.Recycle.ALL || recycle.index() == slot.index) {
					wantRecycle(slot.occupant, "asked for");
				}
			}
		}
		else if (event instanceof SupervisorEvent.Kill kill) {
			WorkerProcess worker = (kill.index() < this.slots.size()) ? this.slots.get(kill.index()).occupant : null;
			if (worker != null) {
				end(worker, ExitReason.CRASHED, "killed on request");
			}
		}
		else if (event instanceof SupervisorEvent.Resize resize) {
			resize(resize.processes());
		}
		else if (event instanceof SupervisorEvent.Resume) {
			if (this.status.state() == PoolState.FAILED) {
				this.restarts.clear();
				this.slots.forEach((slot) -> slot.failuresInARow = 0);
				moveTo(PoolState.STARTING);
			}
		}
		else if (event instanceof SupervisorEvent.Signal signal) {
			signal(signal.topic(), signal.message());
		}
		else if (event instanceof SupervisorEvent.Close close) {
			close(close);
		}
		else if (event instanceof SupervisorEvent.AllDrained) {
			if (this.status.state() == PoolState.STOPPING) {
				windUp();
			}
		}
		else if (event instanceof SupervisorEvent.Alarm alarm) {
			alarm.action().run();
		}
	}

	private void start() {
		if (this.status.state() == PoolState.NEW) {
			moveTo(PoolState.STARTING);
		}
	}

	private void moveTo(PoolState next) {
		PoolState before = this.status.state();
		if (before != next) {
			this.status.state(next);
			logger.debug("Pool '{}': {} -> {}", this.options.name(), before, next);
			this.listener.onStateChange(before, next);
		}
	}

	private boolean working() {
		PoolState state = this.status.state();
		return (state == PoolState.STARTING || state == PoolState.RUNNING || state == PoolState.STOPPING)
				&& !this.winding;
	}

	/** Starts what is missing: seats first, then successors, then spares. */
	private void reconcile() {
		if (working()) {
			for (WorkerSlot slot : this.slots) {
				if (slot.occupant == null && !slot.backingOff) {
					slot.occupant = seat(slot);
				}
			}
			if (this.status.state() != PoolState.STOPPING) {
				recycleNext();
				while (this.spares.size() < this.options.spares() && mayLaunch()) {
					WorkerProcess spare = launch(-1);
					if (spare == null) {
						break;
					}
					spare.spare = true;
					this.spares.add(spare);
				}
			}
		}
		else if (this.winding && this.processes.isEmpty()) {
			terminate();
		}
		this.status.publish(this.slots);
		this.status.spares((int) this.spares.stream().filter((spare) -> spare.link() != null).count());
	}

	private boolean mayLaunch() {
		return this.launching < this.mostLaunches && working();
	}

	/** Finds a process for a seat: a spare, or a new one. */
	private @Nullable WorkerProcess seat(WorkerSlot slot) {
		for (WorkerProcess spare : this.spares) {
			if (spare.link() != null && spare.state() == WorkerState.HANDSHAKING) {
				this.spares.remove(spare);
				spare.takeSeat(slot.index);
				welcome(spare, slot);
				return spare;
			}
		}
		return mayLaunch() ? launch(slot.index) : null;
	}

	/** Starts one successor, unless another recycle is under way. */
	private void recycleNext() {
		for (WorkerSlot slot : this.slots) {
			if (slot.successor != null) {
				return;
			}
		}
		for (WorkerSlot slot : this.slots) {
			if (slot.recycle != null && slot.occupant != null && slot.occupant.state() == WorkerState.READY) {
				slot.successor = seat(slot);
				return;
			}
		}
	}

	private void wantRecycle(@Nullable WorkerProcess worker, String why) {
		WorkerSlot slot = slotOf(worker);
		if (slot != null && slot.occupant == worker && slot.recycle == null && !this.winding) {
			slot.recycle = why;
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // posting never fails
	private @Nullable WorkerProcess launch(int index) {
		WorkerProcess worker = this.starter.prepare(this, index, this.clock.getAsLong());
		worker.launching = true;
		this.launching++;
		this.processes.add(worker);
		try {
			ChildProcess child = this.starter.launch(worker, this);
			worker.launched(child);
			child.onExit().thenAccept((exit) -> post(new SupervisorEvent.Exited(worker, exit)));
		}
		catch (IOException | RuntimeException ex) {
			worker.failure = new ExceptionContext(ex, ex.toString());
			end(worker, ExitReason.START_FAILED, String.valueOf(ex.getMessage()));
			// Later, so that the slot has its occupant by then.
			after(0, () -> finish(worker));
			return worker;
		}
		after(this.options.startTimeout().toNanos(), () -> {
			if (worker.state() == WorkerState.LAUNCHING) {
				end(worker, ExitReason.START_TIMEOUT,
						"it did not connect within start-timeout (" + this.options.startTimeout().toMillis() + " ms)");
			}
		});
		return worker;
	}

	private void onConnected(WorkerProcess worker, WorkerLink link) {
		worker.connected(link);
		if (worker.state() != WorkerState.LAUNCHING) {
			return;
		}
		worker.become(WorkerState.HANDSHAKING, "connected");
		WorkerSlot slot = slotOf(worker);
		if (worker.spare) {
			launchOver(worker);
		}
		else if (slot != null) {
			welcome(worker, slot);
		}
	}

	private void welcome(WorkerProcess worker, WorkerSlot slot) {
		WorkerLink link = worker.link();
		if (link == null) {
			return;
		}
		link.send(this.starter.welcome(worker, slot.definition, this.signals));
		after(this.options.initTimeout().toNanos(), () -> {
			if (worker.state() == WorkerState.HANDSHAKING) {
				end(worker, ExitReason.START_TIMEOUT, "it was not initialized within init-timeout ("
						+ this.options.initTimeout().toMillis() + " ms)");
			}
		});
	}

	private void onReady(WorkerProcess worker) {
		WorkerSlot slot = slotOf(worker);
		if (worker.state() != WorkerState.HANDSHAKING || slot == null) {
			return;
		}
		launchOver(worker);
		worker.become(WorkerState.READY, "initialized");
		worker.readyAt = this.clock.getAsLong();
		if (!checkBaseline(worker)) {
			return;
		}
		if (slot.successor == worker) {
			WorkerProcess old = slot.occupant;
			slot.occupant = worker;
			slot.successor = null;
			String why = slot.recycle;
			slot.recycle = null;
			if (old != null) {
				retire(old, ExitReason.RECYCLED, (why != null) ? why : "");
			}
		}
		Conversation conversation = this.listener.open(worker);
		worker.converse(conversation);
		this.listener.ready(conversation);
		if (this.status.state() == PoolState.STARTING) {
			moveTo(PoolState.RUNNING);
		}
		this.status.workerReady(worker.index(), worker.pid(), this.clock.getAsLong() - worker.launchedAt());
		limitLifetime(worker);
	}

	private void limitLifetime(WorkerProcess worker) {
		if (this.options.maxLifetime() != null) {
			double jitter = 1 + this.options.jitter() * (2 * ThreadLocalRandom.current().nextDouble() - 1);
			after((long) (this.options.maxLifetime().toNanos() * jitter), () -> wantRecycle(worker, "max-lifetime"));
		}
	}

	/** Refuses a max-rss that every fresh worker would break. */
	private boolean checkBaseline(WorkerProcess worker) {
		Long limit = this.options.maxRss();
		ChildProcess child = worker.child();
		if (limit == null || child == null) {
			return true;
		}
		worker.baselineRss = child.residentBytes();
		if (worker.baselineRss >= limit) {
			end(worker, ExitReason.START_FAILED,
					"max-rss is " + limit + " bytes, but a fresh worker has " + worker.baselineRss
							+ " bytes already: it would be recycled after each task. Set max-rss well above that");
			fail(worker.detail);
			return false;
		}
		after(RSS_CHECK_NANOS, () -> checkRss(worker, limit));
		return true;
	}

	private void checkRss(WorkerProcess worker, long limit) {
		ChildProcess child = worker.child();
		Conversation conversation = worker.conversation();
		if (worker.state() != WorkerState.READY || child == null || conversation == null) {
			return;
		}
		long tasks = conversation.tasksDone();
		if (tasks != worker.tasksAtLastRssCheck) {
			worker.tasksAtLastRssCheck = tasks;
			long rss = child.residentBytes();
			if (rss >= limit) {
				wantRecycle(worker, "max-rss: " + rss + " bytes, limit " + limit + " (" + worker.baselineRss
						+ " when it was fresh)");
			}
		}
		after(RSS_CHECK_NANOS, () -> checkRss(worker, limit));
	}

	/** Lets a worker finish what it holds, then stops it. */
	private void retire(WorkerProcess worker, ExitReason reason, String detail) {
		Conversation conversation = worker.conversation();
		if (worker.state() == WorkerState.READY && conversation != null) {
			worker.retireReason = reason;
			worker.retireDetail = detail;
			worker.become(WorkerState.DRAINING, reason + " " + detail);
			this.listener.retire(conversation);
		}
		else if (worker.state() == WorkerState.LAUNCHING || worker.state() == WorkerState.HANDSHAKING) {
			end(worker, reason, detail);
		}
	}

	private void onDrained(WorkerProcess worker) {
		WorkerLink link = worker.link();
		if (worker.state() != WorkerState.DRAINING || link == null) {
			return;
		}
		worker.because(worker.retireReason, worker.retireDetail);
		worker.become(WorkerState.STOPPING, "drained");
		worker.cleaningUp = true;
		PayloadBuffer out = new PayloadBuffer(16);
		Frames.bare(out, FrameType.STOP);
		link.send(out);
		after(this.options.cleanupTimeout().toNanos(), () -> {
			if (worker.state() == WorkerState.STOPPING) {
				cleanupFailed(worker, "did not end within cleanup-timeout (" + this.options.cleanupTimeout().toMillis()
						+ " ms) and was killed");
				kill(worker);
			}
		});
	}

	private void cleanupFailed(WorkerProcess worker, String how) {
		worker.cleaningUp = false;
		WorkerCleanupException problem = new WorkerCleanupException(this.options.name(),
				"the cleanup of " + worker + " " + how);
		worker.failure = new ExceptionContext(problem, problem.toString());
		logger.warn("{}", problem.getMessage());
	}

	private void onGoodbye(WorkerProcess worker, @Nullable ExceptionContext failure) {
		worker.cleaningUp = false;
		if (failure != null) {
			worker.failure = failure;
			logger.warn("The cleanup of {} failed: {}", worker, failure.formattedTraceback());
		}
	}

	/** Ends a worker now, whatever it does. */
	private void end(WorkerProcess worker, ExitReason reason, String detail) {
		stopping(worker, reason, detail);
		kill(worker);
	}

	private void stopping(WorkerProcess worker, ExitReason reason, String detail) {
		worker.because(reason, detail);
		if (worker.state() != WorkerState.STOPPING && worker.state() != WorkerState.EXITED) {
			launchOver(worker);
			worker.become(WorkerState.STOPPING, reason + " " + detail);
			after(this.options.cleanupTimeout().toNanos(), () -> {
				if (worker.state() == WorkerState.STOPPING) {
					kill(worker);
				}
			});
		}
	}

	private static void kill(WorkerProcess worker) {
		ChildProcess child = worker.child();
		if (child != null) {
			child.kill();
		}
	}

	private void launchOver(WorkerProcess worker) {
		if (worker.launching) {
			worker.launching = false;
			this.launching--;
		}
	}

	private void onConnectionEnded(WorkerProcess worker) {
		worker.connectionEnded = true;
		if (worker.exitStatus != null) {
			finish(worker);
			return;
		}
		after(LOOSE_END_NANOS, () -> {
			if (worker.exitStatus == null && worker.state() != WorkerState.STOPPING) {
				end(worker, ExitReason.PROTOCOL_ERROR, "it closed its connection but lives on");
			}
		});
	}

	private void onExited(SupervisorEvent.Exited exited) {
		WorkerProcess worker = exited.worker();
		worker.exitStatus = exited.status();
		this.starter.forget(worker);
		WorkerLink link = worker.link();
		if (link == null || worker.connectionEnded) {
			finish(worker);
			return;
		}
		// Its last words may still be on their way; somebody else may hold the socket.
		after(LOOSE_END_NANOS, link::close);
	}

	/** The process has ended and its connection has been read to the end. */
	private void finish(WorkerProcess worker) {
		if (worker.state() == WorkerState.EXITED) {
			return;
		}
		WorkerState before = worker.state();
		launchOver(worker);
		if (before == WorkerState.READY || before == WorkerState.DRAINING) {
			worker.because(ExitReason.CRASHED, "");
		}
		worker.because(ExitReason.START_FAILED, (before == WorkerState.LAUNCHING) ? "it ended before it connected"
				: "it ended while it was being initialized");
		worker.become(WorkerState.EXITED, String.valueOf(worker.reason));
		this.processes.remove(worker);
		this.spares.remove(worker);
		worker.failDumps();
		ExitStatus status = worker.exitStatus;
		if (worker.cleaningUp && status != null) {
			cleanupFailed(worker, "ended the process: "
					+ ((status.signal() != null) ? "signal " + status.signal() : "exit code " + status.code()));
		}
		Outbox outbox = this.starter.outbox(worker);
		WorkerExit exit = this.starter.report(worker, outbox, this.clock.getAsLong());
		Conversation conversation = worker.conversation();
		if (conversation != null) {
			this.listener.gone(conversation, exit, outbox);
		}
		this.status.workerExited(exit);
		WorkerSlot slot = slotOf(worker);
		if (slot != null) {
			replace(slot, worker, exit);
		}
		else if (isUnplanned(exit)) {
			countFailure(null, exit);
		}
		this.starter.cleanUp(worker);
	}

	/**
	 * Decides what follows the end of a worker: after a planned end, or the first
	 * unplanned one in a row, {@link #reconcile()} fills the seat at once; then after a
	 * pause; and when there are too many, the pool fails.
	 */
	private void replace(WorkerSlot slot, WorkerProcess worker, WorkerExit exit) {
		if (slot.successor == worker) {
			slot.successor = null;
		}
		else {
			slot.occupant = slot.successor;
			slot.successor = null;
			slot.recycle = null;
		}
		if (isUnplanned(exit)) {
			countFailure(slot, exit);
		}
	}

	private static boolean isUnplanned(WorkerExit exit) {
		return exit.reason() != ExitReason.REQUESTED && exit.reason() != ExitReason.RECYCLED;
	}

	private void countFailure(@Nullable WorkerSlot slot, WorkerExit exit) {
		if (!working()) {
			return;
		}
		logger.warn("{}", exit.explanation());
		int inARow = 1;
		if (slot != null) {
			if (this.policy.wasHealthy(exit.uptime().toNanos())) {
				slot.failuresInARow = 0;
			}
			inARow = ++slot.failuresInARow;
		}
		long pause = this.policy.afterFailure(this.restarts, inARow, this.clock.getAsLong());
		if (pause == RestartPolicy.GIVE_UP) {
			fail(this.policy.describe());
		}
		else if (pause > 0 && slot != null) {
			slot.backingOff = true;
			after(pause, () -> slot.backingOff = false);
		}
	}

	private void fail(String limit) {
		if (!working()) {
			return;
		}
		logger.error("Pool '{}' has failed: {}", this.options.name(), limit);
		this.status.failed(limit);
		if (this.status.state() == PoolState.STOPPING) {
			windUp();
			return;
		}
		moveTo(PoolState.FAILED);
		for (WorkerProcess worker : List.copyOf(this.processes)) {
			end(worker, ExitReason.REQUESTED, "the pool has failed");
		}
	}

	private void resize(int processes) {
		while (this.slots.size() < processes) {
			int index = this.slots.size();
			this.slots.add(new WorkerSlot(index, this.definitions.get(index % this.definitions.size())));
		}
		while (this.slots.size() > processes) {
			WorkerSlot slot = this.slots.remove(this.slots.size() - 1);
			for (WorkerProcess worker : new WorkerProcess[] { slot.occupant, slot.successor }) {
				if (worker != null) {
					retire(worker, ExitReason.REQUESTED, "the pool was made smaller");
				}
			}
		}
	}

	private void signal(String topic, String message) {
		this.signals.put(topic, message);
		for (WorkerProcess worker : this.processes) {
			WorkerLink link = worker.link();
			if (link != null && !worker.spare && worker.state() != WorkerState.STOPPING) {
				PayloadBuffer out = new PayloadBuffer(256);
				Frames.signal(out, topic, message);
				link.send(out);
			}
		}
	}

	private void close(SupervisorEvent.Close close) {
		PoolState state = this.status.state();
		if (state == PoolState.STOPPING || state == PoolState.TERMINATED) {
			return;
		}
		boolean idle = state == PoolState.NEW || state == PoolState.FAILED;
		moveTo(PoolState.STOPPING);
		if (idle) {
			windUp();
		}
		else {
			after(close.drainTimeout().toNanos(), this::windUp);
		}
	}

	/** Closing: the tasks are finished, or their time is over. */
	private void windUp() {
		if (this.winding) {
			return;
		}
		this.winding = true;
		for (WorkerProcess worker : List.copyOf(this.processes)) {
			Conversation conversation = worker.conversation();
			if (conversation != null && conversation.inFlight() > 0) {
				end(worker, ExitReason.REQUESTED, "the pool was closed and drain-timeout has passed");
			}
			else {
				retire(worker, ExitReason.REQUESTED, "the pool was closed");
			}
		}
	}

	private void terminate() {
		this.timers.clear();
		this.starter.close();
		moveTo(PoolState.TERMINATED);
		this.terminated.complete(null);
	}

	private @Nullable WorkerSlot slotOf(@Nullable WorkerProcess worker) {
		for (WorkerSlot slot : this.slots) {
			if (worker != null && (slot.occupant == worker || slot.successor == worker)) {
				return slot;
			}
		}
		return null;
	}

}
