package io.vimap.supervision;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExceptionContext;
import org.jspecify.annotations.Nullable;

/**
 * All that can happen to a supervisor. Events come from any thread through one queue.
 */
sealed interface SupervisorEvent {

	/** In place of a seat's index: all seats. */
	int ALL = -1;

	/** What a worker does, or what happens to it. */
	sealed interface OfWorker extends SupervisorEvent {

		WorkerProcess worker();

	}

	/** What somebody wants of the pool. */
	sealed interface Request extends SupervisorEvent {

	}

	/** A child has said HELLO with its token. */
	record Connected(WorkerProcess worker, WorkerLink link) implements OfWorker {
	}

	/** A child speaks another version. */
	record WrongVersion(WorkerProcess worker, String message) implements OfWorker {
	}

	/** A worker has been initialized. */
	record Ready(WorkerProcess worker) implements OfWorker {
	}

	/** A worker could not be created or initialized. */
	record StartFailed(WorkerProcess worker, ExceptionContext failure) implements OfWorker {
	}

	/** A worker has answered a task since it was last asked about. */
	record Worked(WorkerProcess worker) implements OfWorker {
	}

	/** A worker has reached a limit and is to be replaced. */
	record LimitReached(WorkerProcess worker, String limit) implements OfWorker {
	}

	/** A worker's task did not end in time, nor when it was interrupted. */
	record TaskOverdue(WorkerProcess worker, String detail) implements OfWorker {
	}

	/** A retiring worker holds no task any more. */
	record Drained(WorkerProcess worker) implements OfWorker {
	}

	/** A worker has cleaned up. */
	record Goodbye(WorkerProcess worker, @Nullable ExceptionContext failure) implements OfWorker {
	}

	/** A worker's JVM shuts down. */
	record Exiting(WorkerProcess worker) implements OfWorker {
	}

	/** A worker has broken the protocol. */
	record ProtocolBroken(WorkerProcess worker, String message) implements OfWorker {
	}

	/** A worker's connection has been read to its end. */
	record ConnectionEnded(WorkerProcess worker) implements OfWorker {
	}

	/** A worker's process has ended. */
	record Exited(WorkerProcess worker, ExitStatus status) implements OfWorker {
	}

	/** Fork the processes. */
	record Start() implements Request {
	}

	/** Replace one worker, or {@link #ALL}. */
	record Recycle(int index) implements Request {
	}

	/** Kill one worker. */
	record Kill(int index) implements Request {
	}

	/** Change the number of seats. */
	record Resize(int processes) implements Request {
	}

	/** Leave FAILED; done is completed when that has been dealt with. */
	record Resume(CompletableFuture<Void> done) implements Request {
	}

	/** Send a notice to all workers. */
	record Signal(String topic, String message) implements Request {
	}

	/** Finish accepted tasks, then end. */
	record Close(Duration drainTimeout) implements Request {
	}

	/** All accepted tasks are finished. */
	record AllDrained() implements Request {
	}

	/** A moment that was waited for has come; stale ones do nothing. */
	record Alarm(Runnable action) implements SupervisorEvent {
	}

}
