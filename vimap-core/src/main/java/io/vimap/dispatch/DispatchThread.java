package io.vimap.dispatch;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.vimap.supervision.PoolThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The scheduler of a pool in use: a thread of its own, and the clock of this machine.
 */
final class DispatchThread implements Scheduler {

	private static final Logger logger = LoggerFactory.getLogger(DispatchThread.class);

	private final PoolThreads threads;

	private final ScheduledThreadPoolExecutor executor;

	DispatchThread(PoolThreads threads) {
		this.threads = threads;
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> threads.create("dispatch", 0, task));
		// Once the pool is terminated, what was still planned has no meaning.
		this.executor.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // what fails is logged in here
	public void after(long nanos, Runnable action) {
		this.executor.schedule(() -> {
			try {
				action.run();
			}
			catch (Throwable ex) {
				logger.error("The dispatcher of pool '{}' met an unexpected problem", this.threads.pool(), ex);
			}
		}, nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public boolean isOwnThread() {
		return this.threads.isCurrent();
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

}
