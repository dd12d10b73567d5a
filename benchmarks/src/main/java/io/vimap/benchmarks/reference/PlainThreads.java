package io.vimap.benchmarks.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * A plain {@link ExecutorService} in this JVM: what the tasks cost where nothing is
 * forked and nothing is sent.
 */
public final class PlainThreads implements AutoCloseable {

	private final ExecutorService executor;

	/**
	 * Starts threads.
	 * @param threads how many
	 */
	public PlainThreads(int threads) {
		this(Executors.newFixedThreadPool(threads));
	}

	private PlainThreads(ExecutorService executor) {
		this.executor = executor;
	}

	/**
	 * Gives each task a virtual thread.
	 * @return the threads, or {@code null} if this Java has no virtual ones (before 21)
	 */
	public static @Nullable PlainThreads virtual() {
		try {
			return new PlainThreads(
					(ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null));
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * Runs tasks.
	 * @param tasks the tasks
	 * @param <T> their type of result
	 * @return seconds until all have ended
	 * @throws Exception if one fails
	 */
	public <T> double seconds(List<? extends Callable<T>> tasks) throws Exception {
		long begin = System.nanoTime();
		List<Future<T>> futures = new ArrayList<>(tasks.size());
		for (Callable<T> task : tasks) {
			futures.add(this.executor.submit(task));
		}
		for (Future<T> future : futures) {
			future.get();
		}
		return (System.nanoTime() - begin) / 1e9;
	}

	/**
	 * Runs one task.
	 * @param task the task
	 * @param <T> its type of result
	 * @return its future
	 */
	public <T> Future<T> submit(Callable<T> task) {
		return this.executor.submit(task);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
