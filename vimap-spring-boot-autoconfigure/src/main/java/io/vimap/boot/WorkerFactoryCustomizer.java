package io.vimap.boot;

import io.vimap.worker.WorkerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Callback for beans that wrap the workers of pools, in the child: to measure them, say,
 * or to put accidents in their way. Called in order, each time a pool is started.
 */
public interface WorkerFactoryCustomizer {

	/**
	 * Wraps what makes the workers of one pool.
	 * @param pool the pool's name
	 * @param factory makes a worker in each child
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a factory, serializable with all it holds, that makes what is to be used in
	 * the worker's place; {@code factory} itself to change nothing
	 */
	<I extends @Nullable Object, O extends @Nullable Object> WorkerFactory<I, O> customize(String pool,
			WorkerFactory<I, O> factory);

}
