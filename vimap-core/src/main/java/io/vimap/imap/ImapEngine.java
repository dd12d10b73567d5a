package io.vimap.imap;

import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

/**
 * What runs imaps: a pool, as its imaps see it.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public interface ImapEngine<I extends @Nullable Object, O extends @Nullable Object> extends ProcessPool<I, O> {

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

	@Override
	default String name() {
		return options().name();
	}

	@Override
	default Imap<I, O> imap(Iterable<? extends I> inputs) {
		return ImapPlan.of(this, inputs);
	}

	@Override
	default Imap<I, O> imap(Iterator<? extends I> inputs) {
		return ImapPlan.of(this, inputs);
	}

	@Override
	default Imap<I, O> imap(Stream<? extends I> inputs) {
		return ImapPlan.of(this, inputs);
	}

}
