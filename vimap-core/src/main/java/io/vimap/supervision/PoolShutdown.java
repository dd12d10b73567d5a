package io.vimap.supervision;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.ExitReason;
import io.vimap.supervision.PoolLife.Phase;

/**
 * How a pool ends: first the tasks it has accepted are finished, unless their time is
 * over before; then all processes end; then nothing of it is left. Supervisor thread
 * only.
 */
final class PoolShutdown {

	private final PoolLife life;

	private final Roster roster;

	private final EventQueue queue;

	private final WorkerStarter starter;

	private final WorkerEnding ending;

	private final CompletableFuture<Void> terminated = new CompletableFuture<>();

	PoolShutdown(PoolLife life, Roster roster, EventQueue queue, WorkerStarter starter, WorkerEnding ending) {
		this.life = life;
		this.roster = roster;
		this.queue = queue;
		this.starter = starter;
		this.ending = ending;
	}

	/** What is completed when nothing of the pool is left. Any thread. */
	CompletableFuture<Void> terminated() {
		return this.terminated;
	}

	/** Begins, unless that has been done. */
	void begin(Duration drainTimeout) {
		if (this.life.phase().isClosing()) {
			return;
		}
		if (this.life.phase().fillsSeats()) {
			this.life.become(Phase.DRAINING);
			this.queue.after(drainTimeout.toNanos(), this::windUp);
		}
		else {
			windUp();
		}
	}

	/** No accepted task is left. */
	void onAllDrained() {
		if (this.life.phase() == Phase.DRAINING) {
			windUp();
		}
	}

	/** Ends all processes: the tasks are finished, or their time is over. */
	void windUp() {
		if (this.life.phase() == Phase.WINDING_UP || this.life.phase() == Phase.TERMINATED) {
			return;
		}
		this.life.become(Phase.WINDING_UP);
		for (WorkerProcess worker : this.roster.processes()) {
			Conversation conversation = worker.conversation();
			if (conversation != null && conversation.inFlight() > 0) {
				this.ending.end(worker, ExitReason.REQUESTED, "the pool was closed and drain-timeout has passed");
			}
			else {
				this.ending.retire(worker, ExitReason.REQUESTED, "the pool was closed");
			}
		}
	}

	/** Removes all that is left, once all processes have ended that are to end. */
	void finishIfEmpty() {
		if (this.life.phase() == Phase.WINDING_UP && this.roster.isEmpty()) {
			this.queue.forgetAlarms();
			this.starter.close();
			this.life.become(Phase.TERMINATED);
			this.terminated.complete(null);
		}
	}

}
