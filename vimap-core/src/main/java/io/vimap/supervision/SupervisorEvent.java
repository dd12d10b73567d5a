package io.vimap.supervision;

import java.time.Duration;

import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExceptionContext;
import org.jspecify.annotations.Nullable;

/**
 * All that can happen to a supervisor. Events come from any thread through one queue.
 */
sealed interface SupervisorEvent {

	/** Fork the processes. */
	record Start() implements SupervisorEvent {
	}

	/** A child has said HELLO with its token. */
	record Connected(WorkerProcess worker, WorkerLink link) implements SupervisorEvent {
	}

	/** A child speaks another version. */
	record WrongVersion(WorkerProcess worker, String message) implements SupervisorEvent {
	}

	/** A worker has been initialized. */
	record Ready(WorkerProcess worker) implements SupervisorEvent {
	}

	/** A worker could not be created or initialized. */
	record StartFailed(WorkerProcess worker, ExceptionContext failure) implements SupervisorEvent {
	}

	/** A worker has cleaned up. */
	record Goodbye(WorkerProcess worker, @Nullable ExceptionContext failure) implements SupervisorEvent {
	}

	/** A worker has broken the protocol. */
	record ProtocolBroken(WorkerProcess worker, String message) implements SupervisorEvent {
	}

	/** A worker's connection has been read to its end. */
	record ConnectionEnded(WorkerProcess worker) implements SupervisorEvent {
	}

	/** A worker's process has ended. */
	record Exited(WorkerProcess worker, ExitStatus status) implements SupervisorEvent {
	}

	/** A retiring worker holds no task any more. */
	record Drained(WorkerProcess worker) implements SupervisorEvent {
	}

	/** A worker's task did not end in time, nor when it was interrupted. */
	record TaskOverdue(WorkerProcess worker, String detail) implements SupervisorEvent {
	}

	/** A worker has reached a limit and is to be replaced. */
	record LimitReached(WorkerProcess worker, String limit) implements SupervisorEvent {
	}

	/** Replace one worker, or all. */
	record Recycle(int index) implements SupervisorEvent {

		static final int ALL = -1;

	}

	/** Kill one worker. */
	record Kill(int index) implements SupervisorEvent {
	}

	/** Change the number of seats. */
	record Resize(int processes) implements SupervisorEvent {
	}

	/** Leave FAILED. */
	record Resume() implements SupervisorEvent {
	}

	/** Send a notice to all workers. */
	record Signal(String topic, String message) implements SupervisorEvent {
	}

	/** Finish accepted tasks, then end. */
	record Close(Duration drainTimeout) implements SupervisorEvent {
	}

	/** All accepted tasks are finished. */
	record AllDrained() implements SupervisorEvent {
	}

	/** A moment that was waited for has come; stale ones do nothing. */
	record Alarm(Runnable action) implements SupervisorEvent {
	}

}
