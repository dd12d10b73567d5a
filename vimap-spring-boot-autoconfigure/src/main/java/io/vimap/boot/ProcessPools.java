package io.vimap.boot;

import java.util.Set;

import io.vimap.pool.ProcessPool;

/**
 * The pools of an application by name: those made from properties and
 * {@link VimapWorker @VimapWorker} classes, and the application's own {@link ProcessPool}
 * beans under their bean names.
 */
public interface ProcessPools {

	/**
	 * Returns the names of all pools.
	 * @return the names in the order of the bean definitions
	 */
	Set<String> names();

	/**
	 * Returns the pool of a name.
	 * @param name the name
	 * @return the pool
	 * @throws NoSuchProcessPoolException if there is no such pool
	 */
	ProcessPool<?, ?> get(String name);

	/**
	 * Returns the pool of a name as one of given types.
	 * @param name the name
	 * @param input the raw class of an input, exactly as the worker declares it
	 * @param output the raw class of an output, exactly as the worker declares it
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return the pool
	 * @throws NoSuchProcessPoolException if there is no such pool, or if its types are
	 * others
	 */
	<I, O> ProcessPool<I, O> get(String name, Class<I> input, Class<O> output);

}
