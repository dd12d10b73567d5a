package io.vimap.supervision;

import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * The tasks' side of one ready worker, which supervision knows only by this.
 */
public interface Conversation {

	/**
	 * Takes one frame about tasks. Reader thread only.
	 * @param type RESULT, FAILURE, RECALLED, STACK or MAPPED
	 * @param body its body, valid during the call
	 * @throws io.vimap.protocol.ProtocolException if it is not allowed now
	 */
	void onFrame(FrameType type, FrameInput body);

	/**
	 * All frames that had arrived have been taken: time to deliver them. Reader thread
	 * only.
	 */
	void onReadDone();

	/**
	 * Returns how many tasks the worker has answered.
	 * @return the number of results and failures
	 */
	long tasksDone();

	/**
	 * Asks to be told by {@link ReadyWorker#worked}, once, when the worker has next
	 * answered a task. Any thread.
	 */
	void tellWhenWorked();

	/**
	 * Returns how many tasks have been sent and not answered.
	 * @return the number of tasks in flight
	 */
	int inFlight();

	/**
	 * Finds a task that is in flight.
	 * @param number its number on this connection, 0 for the first unanswered one
	 * @return the task's id, or {@code null} if there is none with this number
	 */
	@Nullable Long taskId(long number);

	/**
	 * Returns how long the first unanswered task has been running.
	 * @return nanoseconds, −1 if there is none
	 */
	long runningNanos();

}
