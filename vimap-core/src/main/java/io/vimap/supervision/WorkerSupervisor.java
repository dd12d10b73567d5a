package io.vimap.supervision;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.UnusableCommandException;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.Outbox;
import io.vimap.supervision.PoolLife.Phase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the seats of one pool occupied. One thread owns all slot and process state and is
 * fed by one queue of events; whatever happens ends in {@link #reconcile()}, which starts
 * what is missing. {@link #replace} decides what follows the end of a worker.
 * <p>
 * How workers start is the business of {@link WorkerSupply}, how they end that of
 * {@link WorkerEnding}, planned replacement that of {@link Recycling}, and the end of the
 * pool that of {@link PoolShutdown}: all of them work on the supervisor thread, on one
 * {@link Roster}.
 * <p>
 * The pool's states are those of {@link PoolLife}, a worker's those of
 * {@link WorkerProcess#become}.
 */
final class WorkerSupervisor {

	private static final Logger logger = LoggerFactory.getLogger(WorkerSupervisor.class);

	private final PoolOptions options;

	private final WorkerStarter starter;

	private final WorkerListener listener;

	private final SupervisorStatus status;

	private final EventQueue queue;

	// All that follows belongs to the supervisor thread.

	private final PoolLife life;

	private final Roster roster;

	private final Restarts restarts;

	private final WorkerEnding ending;

	private final WorkerSupply supply;

	private final Recycling recycling;

	private final PoolShutdown shutdown;

	/**
	 * Creates a supervisor; nothing runs before {@link #run}.
	 * @param options the pool's options
	 * @param definitions what the seats run, one per seat
	 * @param starter starts processes
	 * @param listener hears which workers are ready and which are gone
	 * @param status shows others what the supervisor knows
	 * @param clock the time in nanoseconds, as {@link System#nanoTime()}
	 */
	WorkerSupervisor(PoolOptions options, List<WorkerDefinition> definitions, WorkerStarter starter,
			WorkerListener listener, SupervisorStatus status, LongSupplier clock) {
		this.options = options;
		this.starter = starter;
		this.listener = listener;
		this.status = status;
		this.queue = new EventQueue(clock);
		this.life = new PoolLife(options.name(), status, listener);
		this.roster = new Roster(definitions);
		this.restarts = new Restarts(RestartPolicy.of(options), this.queue.now());
		this.ending = new WorkerEnding(options, this.queue, listener, this::onExit);
		this.supply = new WorkerSupply(options, this.roster, this.queue, starter, this, this.ending);
		this.recycling = new Recycling(options, this.roster, this.queue, this.supply, this.ending);
		this.shutdown = new PoolShutdown(this.life, this.roster, this.queue, starter, this.ending);
		status.publish(this.roster);
	}

	/**
	 * Returns what is completed when nothing of the pool is left.
	 * @return completes on the supervisor thread
	 */
	CompletableFuture<Void> terminated() {
		return this.shutdown.terminated();
	}

	/**
	 * Brings an event. Any thread.
	 * @param event what happened
	 */
	void post(SupervisorEvent event) {
		this.queue.post(event);
	}

	/** The supervisor thread: takes events until the pool is terminated. */
	void run() {
		while (!terminated().isDone()) {
			try {
				SupervisorEvent event = this.queue.await();
				if (event != null) {
					handle(event);
				}
			}
			catch (InterruptedException ex) {
				// Nobody has a reason to: this thread ends with the pool.
				logger.warn("The supervisor of pool '{}' was interrupted and goes on", this.options.name());
			}
			catch (Throwable ex) {
				logger.error("The supervisor of pool '{}' met an unexpected problem", this.options.name(), ex);
			}
		}
	}

	/** The next alarm whose time has come, for those who wait without {@link #run}. */
	SupervisorEvent.@Nullable Alarm dueAlarm() {
		return this.queue.dueAlarm();
	}

	/** All processes that have not EXITED. Supervisor thread only. */
	List<WorkerProcess> processes() {
		return this.roster.processes();
	}

	/** Takes one event. Supervisor thread only. */
	void handle(SupervisorEvent event) {
		if (event instanceof SupervisorEvent.OfWorker news) {
			onNews(news);
		}
		else if (event instanceof SupervisorEvent.Request request) {
			onRequest(request);
		}
		else if (event instanceof SupervisorEvent.Alarm alarm) {
			alarm.action().run();
		}
		reconcile();
	}

	private void onNews(SupervisorEvent.OfWorker news) {
		WorkerProcess worker = news.worker();
		if (news instanceof SupervisorEvent.Connected connected) {
			this.supply.onConnected(worker, connected.link());
		}
		else if (news instanceof SupervisorEvent.WrongVersion wrong) {
			this.ending.end(worker, ExitReason.START_FAILED, wrong.message());
		}
		else if (news instanceof SupervisorEvent.Ready) {
			onReady(worker);
		}
		else if (news instanceof SupervisorEvent.StartFailed failed) {
			this.ending.onStartFailed(worker, failed.failure());
		}
		else if (news instanceof SupervisorEvent.Worked) {
			this.recycling.onWorked(worker);
		}
		else if (news instanceof SupervisorEvent.LimitReached limit) {
			this.recycling.want(worker, limit.limit());
		}
		else if (news instanceof SupervisorEvent.TaskOverdue overdue) {
			this.ending.end(worker, ExitReason.TASK_TIMEOUT, overdue.detail());
		}
		else if (news instanceof SupervisorEvent.Drained) {
			this.ending.onDrained(worker);
		}
		else if (news instanceof SupervisorEvent.Goodbye goodbye) {
			this.ending.onGoodbye(worker, goodbye.failure());
		}
		else if (news instanceof SupervisorEvent.Exiting) {
			this.ending.onExiting(worker);
		}
		else if (news instanceof SupervisorEvent.ProtocolBroken broken) {
			this.ending.end(worker, ExitReason.PROTOCOL_ERROR, broken.message());
		}
		else if (news instanceof SupervisorEvent.ConnectionEnded) {
			standIn(worker);
			this.ending.onConnectionEnded(worker);
		}
		else if (news instanceof SupervisorEvent.Exited exited) {
			this.ending.onProcessEnded(worker, exited.status());
			this.starter.forget(worker);
		}
	}

	private void onRequest(SupervisorEvent.Request request) {
		if (request instanceof SupervisorEvent.Start) {
			start();
		}
		else if (request instanceof SupervisorEvent.Recycle recycle) {
			this.roster.at(recycle.index()).forEach((worker) -> this.recycling.want(worker, "asked for"));
		}
		else if (request instanceof SupervisorEvent.Kill kill) {
			this.roster.at(kill.index())
				.forEach((worker) -> this.ending.end(worker, ExitReason.CRASHED, "killed on request"));
		}
		else if (request instanceof SupervisorEvent.Resize resize) {
			resize(resize.processes());
		}
		else if (request instanceof SupervisorEvent.Resume resume) {
			resume();
			resume.done().complete(null);
		}
		else if (request instanceof SupervisorEvent.Signal signal) {
			this.supply.signal(signal.topic(), signal.message());
		}
		else if (request instanceof SupervisorEvent.Close close) {
			this.shutdown.begin(close.drainTimeout());
		}
		else if (request instanceof SupervisorEvent.AllDrained) {
			this.shutdown.onAllDrained();
		}
	}

	private void start() {
		if (this.life.phase() == Phase.NEW) {
			this.life.become(Phase.STARTING);
			// When the processes have been started: it need not hold them up.
			this.queue.after(0, this.starter::removeOrphans);
		}
	}

	private void resume() {
		if (this.life.phase() == Phase.FAILED) {
			this.restarts.forgive(this.roster);
			this.life.become(Phase.STARTING);
		}
	}

	/** Starts what is missing: seats first, then successors, then spares. */
	private void reconcile() {
		if (this.life.phase().fillsSeats()) {
			for (WorkerSlot slot : this.roster.slots()) {
				if (slot.occupant == null && !slot.isPaused(this.queue.now())) {
					slot.occupant = this.supply.find(slot);
					if (slot.occupant == null) {
						break;
					}
				}
			}
			// While accepted tasks are finished, too: a worker that has reached its
			// max-tasks-per-worker takes none of them.
			this.recycling.replaceNext();
		}
		if (this.life.phase().keepsSpares()) {
			this.supply.refillSpares();
		}
		this.shutdown.finishIfEmpty();
		this.status.publish(this.roster);
	}

	private void onReady(WorkerProcess worker) {
		WorkerSlot slot = this.roster.slotOf(worker);
		if (worker.state() != WorkerState.HANDSHAKING || slot == null) {
			return;
		}
		worker.become(WorkerState.READY, "initialized");
		String problem = this.recycling.misfit(worker);
		if (problem != null) {
			this.ending.end(worker, ExitReason.START_FAILED, problem);
			fail(problem);
			return;
		}
		if (slot.successor == worker) {
			this.recycling.handOver(slot);
		}
		Conversation conversation = this.listener.open(worker);
		worker.converse(conversation);
		this.recycling.watch(worker, conversation);
		this.listener.ready(conversation);
		this.supply.seated();
		this.restarts.ready(this.queue.now());
		if (this.life.phase() == Phase.STARTING) {
			this.life.become(Phase.RUNNING);
		}
		this.status.workerReady(worker.index(), worker.pid(), this.queue.now() - worker.launchedAt());
	}

	/**
	 * A worker can't be reached any more. A spare, if there is one, gets ready for the
	 * seat while the process ends and is examined, unless a pause is to follow.
	 */
	private void standIn(WorkerProcess lost) {
		WorkerSlot slot = this.roster.slotOf(lost);
		if (slot != null && slot.occupant == lost && slot.successor == null && lost.state() == WorkerState.READY
				&& this.life.phase().fillsSeats()
				&& this.restarts.isAtOnce(slot, this.queue.now() - lost.launchedAt())) {
			slot.successor = this.supply.findSpare(slot);
		}
	}

	/** A worker is EXITED. */
	private void onExit(WorkerProcess worker) {
		this.roster.remove(worker);
		Outbox outbox = this.starter.outbox(worker);
		WorkerExit exit = this.starter.report(worker, outbox, this.queue.now());
		this.status.workerExited(exit, () -> loseTasks(worker, exit, outbox));
		WorkerSlot slot = this.roster.slotAt(worker.index());
		boolean renewal = slot != null && slot.isRenewedBy(worker);
		if (slot != null) {
			slot.leave(worker);
		}
		if (isUnplanned(exit) && this.life.phase().fillsSeats() && !this.restarts.isForgiven(worker)) {
			logger.warn("{}", exit.explanation());
			if (slot != null && slot.occupant != null && renewal) {
				renewLater(slot, slot.occupant);
			}
			else {
				replace(slot, exit);
			}
		}
		this.queue.after(ChildProcess.QUIET_NANOS, () -> this.starter.cleanUp(worker));
	}

	private void loseTasks(WorkerProcess worker, WorkerExit exit, @Nullable Outbox outbox) {
		Conversation conversation = worker.conversation();
		if (conversation != null) {
			this.listener.gone(conversation, exit, outbox);
		}
	}

	private static boolean isUnplanned(WorkerExit exit) {
		return exit.reason() != ExitReason.REQUESTED && exit.reason() != ExitReason.RECYCLED;
	}

	private static boolean wasReady(WorkerExit exit) {
		return exit.reason() != ExitReason.START_FAILED && exit.reason() != ExitReason.START_TIMEOUT;
	}

	/**
	 * Whether no other attempt can succeed. If the command has served this pool before,
	 * somebody may just be replacing what it runs: then it is tried again, as after any
	 * other failure.
	 */
	private boolean isHopeless(WorkerExit exit) {
		return this.life.phase() != Phase.RUNNING && !this.roster.hasReady() && exit.failure() != null
				&& exit.failure().value() instanceof UnusableCommandException;
	}

	/**
	 * Decides what follows the unplanned end of a worker. After the first one in a row
	 * {@link #reconcile()} fills the seat at once, as after a planned end; then after a
	 * pause; and when there are too many, or the first ones can't be started, the pool
	 * fails.
	 * @param slot the seat it had, {@code null} for a spare
	 * @param exit how it ended
	 */
	private void replace(@Nullable WorkerSlot slot, WorkerExit exit) {
		if (isHopeless(exit)) {
			fail("its processes can't be started");
			return;
		}
		if (this.roster.hasReady()) {
			this.restarts.ready(this.queue.now());
		}
		long uptime = wasReady(exit) ? exit.uptime().toNanos() : 0;
		long pause = this.restarts.afterFailure(slot, uptime, this.queue.now());
		if (pause == RestartPolicy.GIVE_UP) {
			fail(this.restarts.limit());
		}
		else if (pause > 0 && slot != null) {
			pause(slot, pause);
		}
	}

	/** A worker that is to be recycled works on until a successor can start. */
	private void renewLater(WorkerSlot slot, WorkerProcess occupant) {
		Conversation conversation = occupant.conversation();
		if (conversation != null) {
			this.listener.workOn(conversation);
		}
		pause(slot, this.restarts.afterFailedSuccessor(slot));
	}

	private void pause(WorkerSlot slot, long nanos) {
		slot.notBefore = this.queue.now() + nanos;
		// Nothing else may happen then, and what is missing is looked for after each
		// event.
		this.queue.after(nanos, () -> {
		});
	}

	private void fail(String limit) {
		this.status.failed(limit);
		logger.error("{}", this.status.failure().getMessage());
		if (this.life.phase().isClosing()) {
			this.shutdown.windUp();
			return;
		}
		this.life.become(Phase.FAILED);
		for (WorkerProcess worker : this.roster.processes()) {
			this.ending.end(worker, ExitReason.REQUESTED, "the pool has failed");
		}
	}

	private void resize(int processes) {
		for (WorkerSlot slot : this.roster.resize(processes)) {
			for (WorkerProcess worker : new WorkerProcess[] { slot.occupant, slot.successor }) {
				if (worker != null) {
					this.ending.retire(worker, ExitReason.REQUESTED, "the pool was made smaller");
				}
			}
		}
	}

}
