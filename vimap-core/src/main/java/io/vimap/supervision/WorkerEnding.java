package io.vimap.supervision;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerCleanupException;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How workers end: in order, by {@link #retire}, when DRAINING leads to STOPPING; at
 * once, by {@link #end}; or by themselves. Either way the process has to be gone and its
 * connection read to the end before a worker is EXITED. Supervisor thread only.
 */
final class WorkerEnding {

	private static final Logger logger = LoggerFactory.getLogger(WorkerEnding.class);

	/** Time to see a process end after its socket has, and the other way round. */
	private static final long LOOSE_END_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final PoolOptions options;

	private final EventQueue queue;

	private final WorkerListener listener;

	private final Consumer<WorkerProcess> onExit;

	/**
	 * Creates the endings of a pool.
	 * @param options the pool's options
	 * @param queue takes alarms
	 * @param listener hears who is to take no more tasks
	 * @param onExit is told of each worker once, when it is EXITED
	 */
	WorkerEnding(PoolOptions options, EventQueue queue, WorkerListener listener, Consumer<WorkerProcess> onExit) {
		this.options = options;
		this.queue = queue;
		this.listener = listener;
		this.onExit = onExit;
	}

	/** Lets a worker finish what it holds, then stops it. */
	void retire(WorkerProcess worker, ExitReason reason, String detail) {
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

	/** A retiring worker holds no task any more. */
	void onDrained(WorkerProcess worker) {
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
		this.queue.after(this.options.cleanupTimeout().toNanos(), worker, () -> {
			if (worker.state() == WorkerState.STOPPING) {
				cleanupFailed(worker,
						(worker.cleaningUp ? "the cleanup of " : "the shutdown hooks of ") + worker
								+ " did not end within " + cleanupTimeout()
								+ (worker.cleaningUp ? " and was killed" : ": it was killed"));
				kill(worker);
			}
		});
	}

	private String cleanupTimeout() {
		return "cleanup-timeout (" + this.options.cleanupTimeout().toMillis() + " ms)";
	}

	private void cleanupFailed(WorkerProcess worker, String what) {
		worker.cleaningUp = false;
		WorkerCleanupException problem = new WorkerCleanupException(this.options.name(), what);
		worker.failure = new ExceptionContext(problem, problem.toString());
		logger.warn("{}", problem.getMessage());
	}

	/** A worker has cleaned up. */
	void onGoodbye(WorkerProcess worker, @Nullable ExceptionContext failure) {
		worker.cleaningUp = false;
		if (failure != null) {
			worker.failure = failure;
			logger.warn("The cleanup of {} failed: {}", worker, failure.formattedTraceback());
		}
	}

	/**
	 * A worker's JVM shuts down and runs its shutdown hooks, which is all that is known:
	 * a task that has called {@link System#exit} never returns.
	 */
	void onExiting(WorkerProcess worker) {
		if (worker.state() == WorkerState.STOPPING) {
			// It is to end, and has its time for that.
			return;
		}
		Conversation conversation = worker.conversation();
		if (conversation != null) {
			this.listener.retire(conversation);
		}
		ExitReason reason = (worker.state() == WorkerState.HANDSHAKING) ? ExitReason.START_FAILED : ExitReason.CRASHED;
		this.queue.after(this.options.cleanupTimeout().toNanos(), worker, () -> {
			if (worker.state() != WorkerState.STOPPING && worker.state() != WorkerState.EXITED) {
				end(worker, reason,
						"it called System.exit, and its shutdown hooks did not end within " + cleanupTimeout());
			}
		});
	}

	/** Ends a worker now, whatever it does. */
	void end(WorkerProcess worker, ExitReason reason, String detail) {
		stopping(worker, reason, detail);
		kill(worker);
	}

	/** A worker could not be created or initialized. */
	void onStartFailed(WorkerProcess worker, ExceptionContext failure) {
		// It exits by itself; killing it now could cut its last output off.
		stopping(worker, ExitReason.START_FAILED, "");
		if (worker.reason == ExitReason.START_FAILED) {
			worker.failure = failure;
		}
		// Otherwise it was being ended already, and nobody waits for its start any more.
	}

	/** There is no process. */
	void neverStarted(WorkerProcess worker, String detail) {
		stopping(worker, ExitReason.START_FAILED, detail);
		// Later, so that the slot has its occupant by then.
		this.queue.after(0, worker, () -> exit(worker));
	}

	private void stopping(WorkerProcess worker, ExitReason reason, String detail) {
		worker.because(reason, detail);
		if (worker.state() != WorkerState.STOPPING && worker.state() != WorkerState.EXITED) {
			worker.become(WorkerState.STOPPING, reason + " " + detail);
			this.queue.after(this.options.cleanupTimeout().toNanos(), worker, () -> {
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

	/** A connection has been read to its end: the process ends too, or has. */
	void onConnectionEnded(WorkerProcess worker) {
		worker.connectionEnded = true;
		if (worker.exitStatus != null) {
			exit(worker);
			return;
		}
		this.queue.after(LOOSE_END_NANOS, worker, () -> {
			if (worker.exitStatus == null && worker.state() != WorkerState.STOPPING) {
				end(worker, ExitReason.PROTOCOL_ERROR, "it closed its connection but lives on");
			}
		});
	}

	/** A process has ended: its connection ends too, or has. */
	void onProcessEnded(WorkerProcess worker, ExitStatus status) {
		worker.exitStatus = status;
		WorkerLink link = worker.link();
		if (link == null || worker.connectionEnded) {
			exit(worker);
			return;
		}
		// Its last words may still be on their way; somebody else may hold the socket.
		this.queue.after(LOOSE_END_NANOS, worker, link::close);
	}

	private void exit(WorkerProcess worker) {
		WorkerState before = worker.state();
		if (before == WorkerState.EXITED) {
			return;
		}
		if (before == WorkerState.READY || before == WorkerState.DRAINING) {
			worker.because(ExitReason.CRASHED, "");
		}
		worker.because(ExitReason.START_FAILED, (before == WorkerState.LAUNCHING) ? "it ended before it connected"
				: "it ended while it was being initialized");
		worker.become(WorkerState.EXITED, String.valueOf(worker.reason));
		this.queue.forget(worker);
		worker.failDumps();
		ExitStatus status = worker.exitStatus;
		if (worker.cleaningUp && status != null) {
			cleanupFailed(worker, "the cleanup of " + worker + " ended the process: "
					+ ((status.signal() != null) ? "signal " + status.signal() : "exit code " + status.code()));
		}
		this.onExit.accept(worker);
	}

}
