package io.vimap.worker;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A worker that also sees the context that travelled with a task: what the pool's
 * {@code taskContext} option captured on the thread that sent the task (trace ids, the
 * logging context).
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public interface ContextualWorker<I extends @Nullable Object, O extends @Nullable Object> extends Worker<I, O> {

	/**
	 * Turns one input into one output, in place of {@link #process(Object)}.
	 * @param input the input
	 * @param taskContext the captured context; empty if there is none
	 * @return the output
	 * @throws Exception if this input cannot be processed
	 */
	O process(I input, Map<String, String> taskContext) throws Exception;

	@Override
	default O process(I input) throws Exception {
		return process(input, Map.of());
	}

}
