package io.vimap.supervision;

import io.vimap.protocol.ParentPayloadMemory;
import org.jspecify.annotations.Nullable;

/**
 * What those who send tasks to a worker may know of its process, and tell about it.
 */
public interface ReadyWorker {

	/**
	 * Returns the seat.
	 * @return the index
	 */
	int index();

	/**
	 * Returns the process id.
	 * @return the process id, −1 if there is no process
	 */
	long pid();

	/**
	 * Returns the way to the worker.
	 * @return the link, or {@code null} before it has connected
	 */
	@Nullable WorkerLink link();

	/**
	 * Returns the memory for large values, which is this worker's until its end. Any
	 * thread.
	 * @return the memory, made when first asked for, or {@code null} if there is none for
	 * it (any more)
	 */
	@Nullable ParentPayloadMemory memory();

	/**
	 * Gives the memory back, if there is some: the worker has ended, and nobody reads any
	 * more what it sent. Any thread.
	 */
	void giveBackMemory();

	/**
	 * Tells the supervisor that this retiring worker holds no task any more. Any thread.
	 */
	void drained();

	/**
	 * Tells the supervisor to kill this worker, whose task has not ended in time. Any
	 * thread.
	 * @param detail which task, and which limit
	 */
	void overdue(String detail);

	/**
	 * Tells the supervisor that this worker has answered a task, as it has asked. Any
	 * thread.
	 */
	void worked();

	/**
	 * Tells the supervisor that this worker is to be replaced. Any thread.
	 * @param limit which limit it has reached
	 */
	void limitReached(String limit);

}
