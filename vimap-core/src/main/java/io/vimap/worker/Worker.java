package io.vimap.worker;

import org.jspecify.annotations.Nullable;

/**
 * The code that runs in a child process: set-up, a loop over inputs, tear-down. There is
 * exactly one instance per process, it is created in the child and never in the
 * application that owns the pool.
 * <p>
 * {@link #init}, {@link #process} and {@link #cleanup} are all called on the same thread
 * of the child, one after the other, never at the same time. An implementation therefore
 * needs no synchronization for its own fields.
 *
 * @param <I> the type of an input; must be decodable again in the child (see the
 * {@code codec} option)
 * @param <O> the type of an output; must be decodable again in the parent
 */
public interface Worker<I extends @Nullable Object, O extends @Nullable Object> {

	/**
	 * Prepares this process for its work: opens sessions, loads libraries and models.
	 * Runs once, before the first input, and must end within {@code init-timeout}. A
	 * worker whose {@code init} throws has failed to start: it is restarted under the
	 * pool's restart policy and its exception is shown to the callers if the policy gives
	 * up.
	 * @param context who and where this worker is, and its init args
	 * @throws Exception if the worker cannot work
	 */
	default void init(WorkerContext context) throws Exception {
	}

	/**
	 * Turns one input into one output. An exception (or an {@link Error}) is the failure
	 * of this input only; the worker goes on with the next one. An
	 * {@link OutOfMemoryError} also ends the process.
	 * <p>
	 * The thread is interrupted when the task's {@code task-timeout} has passed or its
	 * caller has cancelled it.
	 * @param input the input; {@code null} if the caller sent {@code null}
	 * @return the output; {@code null} is a value like any other
	 * @throws Exception if this input cannot be processed
	 */
	O process(I input) throws Exception;

	/**
	 * Releases what {@link #init} acquired. Runs once when the process is stopped or
	 * recycled, after the last input, and must end within {@code cleanup-timeout}. It
	 * does not run when the process crashes or is killed. An exception here is logged by
	 * the parent and kept in the worker's exit.
	 * @throws Exception if something could not be released
	 */
	default void cleanup() throws Exception {
	}

}
