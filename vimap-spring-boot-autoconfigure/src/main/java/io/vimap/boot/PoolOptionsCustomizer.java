package io.vimap.boot;

import io.vimap.pool.PoolOptions;

/**
 * Callback for beans that change the options of pools after the properties have been
 * applied. Called in order, each time a pool is started.
 */
@FunctionalInterface
public interface PoolOptionsCustomizer {

	/**
	 * Changes the options of one pool.
	 * @param pool the pool's name
	 * @param options the options so far
	 */
	void customize(String pool, PoolOptions.Builder options);

}
