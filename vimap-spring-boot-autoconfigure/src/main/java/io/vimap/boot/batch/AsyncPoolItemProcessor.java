package io.vimap.boot.batch;

import java.util.concurrent.Future;

import io.vimap.pool.ProcessPool;

import org.springframework.batch.infrastructure.item.ItemProcessor;

/**
 * {@link ItemProcessor} that hands each item to a pool and does not wait for it, in place
 * of Spring Batch's {@code AsyncItemProcessor}: all items of a chunk are processed at the
 * same time. Its writer is an {@code AsyncItemWriter}, which waits for them.
 * <p>
 * When one item fails its step, the tasks of the others are cancelled as the step ends:
 * they would compete with its restart.
 *
 * @param <I> the type of an item
 * @param <O> the type of a processed item
 */
public class AsyncPoolItemProcessor<I, O> implements ItemProcessor<I, Future<O>> {

	private final ProcessPool<I, O> pool;

	/**
	 * Creates a processor.
	 * @param pool the pool
	 */
	public AsyncPoolItemProcessor(ProcessPool<I, O> pool) {
		this.pool = pool;
	}

	@Override
	public Future<O> process(I item) {
		return StepTasks.submit(this.pool, item);
	}

}
