package io.vimap.boot.child;

import java.util.Map;

/**
 * Runs a task within what its context asks for.
 */
interface TaskScope {

	/**
	 * Runs a task.
	 * @param taskContext what travelled with it
	 * @param task the task
	 * @param <O> the type of its output
	 * @return what the task returns
	 * @throws Exception what the task throws
	 */
	<O> O run(Map<String, String> taskContext, Task<O> task) throws Exception;

	/** A task. */
	@FunctionalInterface
	interface Task<O> {

		O run() throws Exception;

	}

}
