package io.vimap.pool;

/**
 * The worker threw an exception while it processed an input. The cause is the exception
 * itself, rebuilt in this process with its frames of the child.
 */
public final class WorkerException extends VimapException {

	private static final long serialVersionUID = 1L;

	private final TaskLocation location;

	private final ExceptionContext context;

	/**
	 * Creates an exception for one failed task.
	 * @param location which task, and where it ran
	 * @param context what the worker threw
	 */
	public WorkerException(TaskLocation location, ExceptionContext context) {
		super(location.pool(), location + " threw " + context.value(), context.value());
		this.location = location;
		this.context = context;
	}

	/**
	 * Returns which task failed and where it ran.
	 * @return the location
	 */
	public TaskLocation location() {
		return this.location;
	}

	/**
	 * Returns what the worker threw, with the traceback as text.
	 * @return the exception and its traceback
	 */
	public ExceptionContext context() {
		return this.context;
	}

}
