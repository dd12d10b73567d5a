package io.vimap.dispatch;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.PayloadException;
import io.vimap.pool.TaskLocation;
import io.vimap.pool.VimapException;
import io.vimap.pool.WorkerException;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * What callers are told about a task that did not succeed. One place for forked and
 * serial pools, so that a test with the one sees what the other would say.
 */
public final class TaskFailures {

	/** Goes on with the kinds of {@link Frames}: the parent can't decode the output. */
	public static final int OUTPUT_UNREADABLE = -1;

	private TaskFailures() {
	}

	/**
	 * The input can't be encoded, so no worker has seen the task.
	 * @param location the task, in no worker
	 * @param input the input
	 * @param problem what the codec threw
	 * @return the task's failure
	 */
	public static PayloadException unsendable(TaskLocation location, @Nullable Object input, Throwable problem) {
		String type = (input != null) ? input.getClass().getName() : "null";
		return new PayloadException(location,
				(problem instanceof PayloadTooLargeException)
						? "the input is larger than max-payload allows: " + problem.getMessage()
						: "the input (" + type + ") can't be encoded: " + problem.getMessage(),
				problem);
	}

	/**
	 * The worker answered with a failure, or with an output that can't be decoded.
	 * @param location the task, and the worker that had it
	 * @param kind a kind of failure of {@link Frames}, or {@link #OUTPUT_UNREADABLE}
	 * @param context what was thrown
	 * @return the task's failure
	 */
	public static VimapException answered(TaskLocation location, int kind, ExceptionContext context) {
		return switch (kind) {
			case Frames.WORKER_THREW -> new WorkerException(location, context);
			case Frames.INPUT_UNREADABLE -> new PayloadException(location,
					"the child can't decode the input: " + context.value().getMessage(), context.value());
			case Frames.OUTPUT_UNWRITABLE -> new PayloadException(location,
					(context.className().equals(PayloadTooLargeException.class.getName())
							? "the output is larger than max-payload allows: " : "the child can't encode the output: ")
							+ context.value().getMessage(),
					context.value());
			default -> new PayloadException(location, "the output can't be decoded: " + context.value().getMessage(),
					context.value());
		};
	}

}
