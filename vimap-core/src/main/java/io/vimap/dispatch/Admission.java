package io.vimap.dispatch;

import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.supervision.SupervisorStatus;
import org.jspecify.annotations.Nullable;

/**
 * Whether the pool takes tasks, and whether it can still serve those it has taken.
 */
final class Admission {

	private final PoolOptions options;

	private final SupervisorStatus status;

	/** Written by the supervisor thread. */
	private volatile PoolState state = PoolState.NEW;

	Admission(PoolOptions options, SupervisorStatus status) {
		this.options = options;
		this.status = status;
	}

	void state(PoolState newState) {
		this.state = newState;
	}

	/** Whether the pool waits for its last tasks. */
	boolean closing() {
		return this.state == PoolState.STOPPING;
	}

	/** Whether new tasks are not taken. Any thread. */
	boolean refusing() {
		return switch (this.state) {
			case FAILED, STOPPING, TERMINATED -> true;
			default -> false;
		};
	}

	/** Why new tasks are not taken, or {@code null}. Any thread. */
	@Nullable RuntimeException refusal() {
		return switch (this.state) {
			case FAILED -> this.status.failure();
			case STOPPING, TERMINATED -> new PoolClosedException(this.options.name(),
					"pool '" + this.options.name() + "' is closed and takes no new tasks");
			default -> null;
		};
	}

	/** Whether tasks that were taken have no hope. Any thread. */
	boolean hopeless() {
		return this.state == PoolState.FAILED || this.state == PoolState.TERMINATED;
	}

	/**
	 * What a task is told that was taken and can't be finished: the pool has been closed,
	 * or else has failed, and may have been resumed since. Any thread.
	 */
	RuntimeException hopelessness() {
		return switch (this.state) {
			case STOPPING,
					TERMINATED ->
				new PoolClosedException(this.options.name(),
						"pool '" + this.options.name()
								+ "' was closed before the task could be finished (drain-timeout is "
								+ this.options.drainTimeout().toMillis() + " ms)");
			default -> this.status.failure();
		};
	}

}
