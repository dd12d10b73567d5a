package io.vimap.supervision;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.vimap.pool.Attempt;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolState;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener whose failures cost its pool nothing. They are logged, but not each of them:
 * it hears of every task. Safe for use by many threads.
 */
final class GuardedListener implements PoolListener {

	private static final Logger logger = LoggerFactory.getLogger(GuardedListener.class);

	private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final String pool;

	private final PoolListener listener;

	private final LongSupplier clock;

	/** Guarded by "this": failures since one was logged. */
	private long unlogged;

	/** Guarded by "this": when one was logged last. */
	private @Nullable Long loggedAt;

	/**
	 * Guards a listener.
	 * @param pool the pool's name
	 * @param listener who hears
	 * @param clock tells the time in nanoseconds
	 */
	GuardedListener(String pool, PoolListener listener, LongSupplier clock) {
		this.pool = pool;
		this.listener = listener;
		this.clock = clock;
	}

	@Override
	public void onStateChange(String poolName, PoolState from, PoolState to) {
		tell((guarded) -> guarded.onStateChange(poolName, from, to));
	}

	@Override
	public void onWorkerReady(String poolName, int index, long pid, Duration startTime) {
		tell((guarded) -> guarded.onWorkerReady(poolName, index, pid, startTime));
	}

	@Override
	public void onWorkerExit(WorkerExit exit) {
		tell((guarded) -> guarded.onWorkerExit(exit));
	}

	@Override
	public void onTask(String poolName, TaskOutcome outcome, long waitNanos, long runNanos) {
		// Without an object for each task.
		try {
			this.listener.onTask(poolName, outcome, waitNanos, runNanos);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	@Override
	public void onRetry(String poolName, long task, Attempt attempt) {
		tell((guarded) -> guarded.onRetry(poolName, task, attempt));
	}

	private void tell(Consumer<PoolListener> news) {
		try {
			news.accept(this.listener);
		}
		catch (Throwable ex) {
			failed(ex);
		}
	}

	private void failed(Throwable problem) {
		long before;
		synchronized (this) {
			long now = this.clock.getAsLong();
			if (this.loggedAt != null && now - this.loggedAt < QUIET_NANOS) {
				this.unlogged++;
				return;
			}
			before = this.unlogged;
			this.unlogged = 0;
			this.loggedAt = now;
		}
		String again = (before > 0) ? ", as " + before + " times since the last report" : "";
		try {
			logger.warn("The listener {} of pool '{}' failed{}. Further failures are counted and told once a minute",
					this.listener.getClass().getName(), this.pool, again, problem);
		}
		catch (Throwable ex) {
			// The methods of an exception are user code as well.
			logger.warn("The listener {} of pool '{}' failed{} with a {}, which can't be logged",
					this.listener.getClass().getName(), this.pool, again, problem.getClass().getName());
		}
	}

}
