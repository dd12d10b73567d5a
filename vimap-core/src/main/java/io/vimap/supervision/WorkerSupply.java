package io.vimap.supervision;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.UnusableCommandException;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Where the workers come from: spares that are connected, or new processes, of which only
 * so many are started at a time. Takes each of them through LAUNCHING and HANDSHAKING,
 * and sees to it that neither lasts too long. Supervisor thread only.
 */
final class WorkerSupply {

	private static final int MOST_STARTING = 8;

	private final PoolOptions options;

	private final Roster roster;

	private final EventQueue queue;

	private final WorkerStarter starter;

	private final WorkerSupervisor supervisor;

	private final WorkerEnding ending;

	private final int mostStarting = Math.min(MOST_STARTING, 2 * Runtime.getRuntime().availableProcessors());

	/** The last notice of each topic, which new workers get too. */
	private final Map<String, String> signals = new HashMap<>();

	/** Spares are not launched before. Supervisor thread only. */
	private long sparesFrom;

	WorkerSupply(PoolOptions options, Roster roster, EventQueue queue, WorkerStarter starter,
			WorkerSupervisor supervisor, WorkerEnding ending) {
		this.options = options;
		this.roster = roster;
		this.queue = queue;
		this.starter = starter;
		this.supervisor = supervisor;
		this.ending = ending;
		this.sparesFrom = queue.now();
	}

	/**
	 * Finds a process for a seat: a spare, or a new one.
	 * @return the process, or {@code null} if too many are being started already
	 */
	@Nullable WorkerProcess find(WorkerSlot slot) {
		WorkerProcess spare = findSpare(slot);
		if (spare != null) {
			return spare;
		}
		return mayLaunch() ? launch(slot) : null;
	}

	/** Finds a spare for a seat, {@code null} if none waits. */
	@Nullable WorkerProcess findSpare(WorkerSlot slot) {
		WorkerProcess spare = this.roster.waitingSpares().findFirst().orElse(null);
		if (spare != null) {
			this.roster.seat(spare, slot);
			welcome(spare, slot);
		}
		return spare;
	}

	/**
	 * Starts the spares that are missing, once no seat is waiting for a worker, no lost
	 * one is being examined, and new ones have had their quiet time: none of it is to
	 * share the processors with their start.
	 */
	void refillSpares() {
		if (this.options.spares() == 0 || this.roster.starting() > 0 || this.roster.losing() > 0
				|| this.queue.now() - this.sparesFrom < 0) {
			return;
		}
		while (this.roster.spares().count() < this.options.spares() && mayLaunch()) {
			launch(null);
		}
	}

	/** A seat has got a worker that is READY. */
	void seated() {
		if (this.options.spares() == 0) {
			return;
		}
		this.sparesFrom = this.queue.now() + ChildProcess.QUIET_NANOS;
		// Nothing else may happen then, and spares are looked for after each event.
		this.queue.after(ChildProcess.QUIET_NANOS, () -> {
		});
	}

	private boolean mayLaunch() {
		return this.roster.starting() < this.mostStarting;
	}

	@SuppressWarnings("FutureReturnValueIgnored") // posting never fails
	private WorkerProcess launch(@Nullable WorkerSlot slot) {
		WorkerProcess worker = this.starter.prepare(this.supervisor, this.queue.now());
		if (slot != null) {
			this.roster.seat(worker, slot);
		}
		this.roster.add(worker);
		try {
			ChildProcess child = this.starter.launch(worker, this.supervisor);
			worker.launched(child);
			child.onExit().thenAccept((exit) -> this.queue.post(new SupervisorEvent.Exited(worker, exit)));
		}
		// An Error, too, say that there are no threads: the seat would wait for ever.
		catch (IOException | RuntimeException | Error ex) {
			worker.failure = new ExceptionContext(ex, ex.toString());
			// The message alone says little of others: a missing file's is its path.
			boolean saysAll = ex.getClass() == IOException.class || ex instanceof UnusableCommandException;
			this.ending.neverStarted(worker, saysAll ? String.valueOf(ex.getMessage()) : ex.toString());
			return worker;
		}
		this.queue.after(this.options.startTimeout().toNanos(), worker, () -> {
			if (worker.state() == WorkerState.LAUNCHING) {
				String trouble = this.starter.trouble();
				this.ending.end(worker, ExitReason.START_TIMEOUT,
						"it did not connect within start-timeout (" + this.options.startTimeout().toMillis() + " ms)"
								+ ((trouble != null) ? ": the pool can't accept connections: " + trouble : ""));
			}
		});
		return worker;
	}

	/** A process has said HELLO. */
	void onConnected(WorkerProcess worker, WorkerLink link) {
		worker.connected(link);
		if (worker.state() != WorkerState.LAUNCHING) {
			return;
		}
		worker.become(WorkerState.HANDSHAKING, "connected");
		WorkerSlot slot = this.roster.slotOf(worker);
		if (slot != null) {
			welcome(worker, slot);
		}
	}

	private void welcome(WorkerProcess worker, WorkerSlot slot) {
		WorkerLink link = worker.link();
		if (link == null) {
			return;
		}
		link.send(this.starter.welcome(worker, slot.definition, this.signals));
		this.queue.after(this.options.initTimeout().toNanos(), worker, () -> {
			if (worker.state() == WorkerState.HANDSHAKING) {
				this.ending.end(worker, ExitReason.START_TIMEOUT, "it was not initialized within init-timeout ("
						+ this.options.initTimeout().toMillis() + " ms)");
			}
		});
	}

	/** Sends a notice to all workers, those that are yet to come included. */
	void signal(String topic, String message) {
		this.signals.put(topic, message);
		for (WorkerProcess worker : this.roster.processes()) {
			WorkerLink link = worker.link();
			if (link != null && !worker.isSpare() && worker.state() != WorkerState.STOPPING) {
				PayloadBuffer out = new PayloadBuffer(256);
				Frames.signal(out, topic, message);
				link.send(out);
			}
		}
	}

}
