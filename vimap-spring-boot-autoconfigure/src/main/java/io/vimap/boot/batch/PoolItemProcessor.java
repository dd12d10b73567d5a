package io.vimap.boot.batch;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.vimap.pool.ProcessPool;
import io.vimap.pool.VimapException;
import org.jspecify.annotations.Nullable;

import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * {@link ItemProcessor} that processes each item in a pool and waits for it. With a step
 * that has a {@code TaskExecutor} as many items are processed at once as it has threads;
 * see {@link AsyncPoolItemProcessor} for a step that needs no threads.
 * <p>
 * It throws what {@link ProcessPool#submit} fails with, so that a step can skip or retry
 * by it: {@code skip(WorkerCrashedException.class)}. An item whose output is {@code null}
 * is filtered.
 * <p>
 * An interrupt cancels the task and fails the step, whatever it skips: its chunk is
 * rolled back, so that a restart loses no item. When a step ends, the tasks that other
 * threads of it still wait for are cancelled.
 *
 * @param <I> the type of an item
 * @param <O> the type of a processed item
 */
public class PoolItemProcessor<I, O> implements ItemProcessor<I, O> {

	private final ProcessPool<I, O> pool;

	/**
	 * Creates a processor.
	 * @param pool the pool
	 */
	public PoolItemProcessor(ProcessPool<I, O> pool) {
		this.pool = pool;
	}

	@Override
	public @Nullable O process(I item) throws Exception {
		CompletableFuture<O> task = StepTasks.submit(this.pool, item);
		try {
			return task.get();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof VimapException failure) ? failure : ex;
		}
		catch (CancellationException ex) {
			throw new ItemNotProcessedError("its task was cancelled");
		}
		catch (InterruptedException ex) {
			task.cancel(true);
			// Spring Batch drops the exception, and with the flag alone it would end the
			// step as completed, with items that have not been read.
			Thread.currentThread().interrupt();
			throw new ItemNotProcessedError("its thread was interrupted");
		}
	}

}
