package io.vimap.dispatch;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that run what users have made depend on tasks; all pools of this JVM share
 * them. They are not those of {@code CompletableFuture}: with one or two processors it
 * starts a new thread each time (before Java 25), and with more it shares the few it has
 * with all else of the application. These are few, whatever number of tasks ends at once;
 * one that waits for another future makes room for one more. They end when they have had
 * nothing to do.
 */
final class Callbacks {

	/** More than processors: some callbacks wait in ways that a thread can't know of. */
	private static final int PARALLELISM = Math.max(16, Runtime.getRuntime().availableProcessors());

	private static final int MAXIMUM = 1024;

	private static final AtomicInteger STARTED = new AtomicInteger();

	private static final ForkJoinPool THREADS = new ForkJoinPool(PARALLELISM, Callbacks::newThread, null, true, 0,
			MAXIMUM, 1, (pool) -> true, 1, TimeUnit.SECONDS);

	private Callbacks() {
	}

	private static ForkJoinWorkerThread newThread(ForkJoinPool pool) {
		ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
		// Not the system's, which sees nothing of an application in a fat jar.
		thread.setContextClassLoader(Callbacks.class.getClassLoader());
		thread.setName("vimap-callback-" + STARTED.incrementAndGet());
		return thread;
	}

	/**
	 * Completes a future.
	 * @param completion what does nothing when it is run a second time
	 */
	static void run(Runnable completion) {
		try {
			THREADS.execute(completion);
		}
		catch (OutOfMemoryError ex) {
			// No thread could be started. It may have been queued all the same.
			completion.run();
		}
	}

	/**
	 * Tells whether the current thread runs callbacks.
	 * @return whether it is one of these
	 */
	static boolean isCurrent() {
		return Thread.currentThread() instanceof ForkJoinWorkerThread thread && thread.getPool() == THREADS;
	}

}
