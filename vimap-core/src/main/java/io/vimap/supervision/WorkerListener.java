package io.vimap.supervision;

import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Hears from the supervisor which workers tasks may be sent to. Called on the supervisor
 * thread: returns at once and runs no user code there.
 */
public interface WorkerListener {

	/**
	 * A worker is about to be ready.
	 * @param worker the worker
	 * @return the conversation, which receives its frames from now on
	 */
	Conversation open(ReadyWorker worker);

	/**
	 * A worker is ready, and its frames find their conversation: tasks may be sent.
	 * @param conversation its conversation
	 */
	void ready(Conversation conversation);

	/**
	 * A worker is to be replaced, and its successor could not start: it works on, beyond
	 * {@code max-tasks-per-worker} too, until one can.
	 * @param conversation its conversation
	 */
	void workOn(Conversation conversation);

	/**
	 * A worker is to take nothing new. {@link ReadyWorker#drained()} is called once it
	 * holds nothing.
	 * @param conversation its conversation
	 */
	void retire(Conversation conversation);

	/**
	 * A worker is gone and its connection has been read to the end.
	 * @param conversation its conversation
	 * @param exit how it ended
	 * @param outbox what it had finished and not sent, or {@code null} if that can't be
	 * known
	 */
	void gone(Conversation conversation, WorkerExit exit, @Nullable Outbox outbox);

	/**
	 * The pool changed its state.
	 * @param from the old state
	 * @param to the new state
	 */
	void onStateChange(PoolState from, PoolState to);

}
