package io.vimap.pool;

import java.time.Duration;

/**
 * Hears what happens in a pool. Called on the pool's own threads, by a serial pool on
 * those of its callers, without any lock of the pool held: implementations return quickly
 * and do not block. Whoever wants an answer of the same pool there goes on with it in a
 * callback ({@code submit(…).thenAccept(…)}) or on another thread: to wait for a task is
 * refused with an {@link IllegalStateException}, since the thread that would wait may be
 * the one to bring the answer.
 * <p>
 * Whatever they throw is ignored, and logged at most once a minute for each listener of a
 * pool.
 */
public interface PoolListener {

	/**
	 * The pool changed its state.
	 * @param pool the pool's name
	 * @param from the old state
	 * @param to the new state
	 */
	default void onStateChange(String pool, PoolState from, PoolState to) {
	}

	/**
	 * A worker is ready for its first task.
	 * @param pool the pool's name
	 * @param index its seat
	 * @param pid its process id
	 * @param startTime the time from launch to ready
	 */
	default void onWorkerReady(String pool, int index, long pid, Duration startTime) {
	}

	/**
	 * A worker process has ended, for whatever reason.
	 * @param exit everything that is known about it
	 */
	default void onWorkerExit(WorkerExit exit) {
	}

	/**
	 * A task ended, or was taken back. Called for every task: keep it cheap.
	 * @param pool the pool's name
	 * @param outcome how it ended
	 * @param waitNanos time from when the pool took the task to when a worker began it,
	 * in nanoseconds; if it was tried again, all that it waited, without the attempts
	 * that were lost
	 * @param runNanos time it ran in the worker, its input's decoding and its output's
	 * encoding included, in nanoseconds; if it was tried again, that of the last attempt;
	 * if the worker ended over it, as the pool has seen it
	 */
	default void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
	}

	/**
	 * A task that had begun is tried again.
	 * @param pool the pool's name
	 * @param task the task's id
	 * @param attempt what became of the attempt before
	 */
	default void onRetry(String pool, long task, Attempt attempt) {
	}

}
