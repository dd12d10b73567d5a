package io.vimap.imap;

import java.util.Iterator;
import java.util.List;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.PoolOptions;

/**
 * What runs imaps: a pool, as its imaps see it.
 */
public interface ImapEngine {

	/**
	 * Returns the options of the pool.
	 * @return its name, and the defaults of its imaps
	 */
	PoolOptions options();

	/**
	 * Begins a run.
	 * @param plan what is wanted
	 * @param inputs the inputs, pulled by the reader of the results or the plan's feeder
	 * @return the results to come
	 */
	ImapResults begin(ImapPlan<?, ?> plan, Iterator<?> inputs);

	/**
	 * Returns what failed while workers cleaned up.
	 * @return what belongs to no input, once the pool has been closed
	 */
	List<ExceptionContext> cleanupFailures();

	/** Closes the pool, and waits until it is. */
	void close();

}
