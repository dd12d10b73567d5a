package io.vimap.pool;

import org.jspecify.annotations.Nullable;

/**
 * What became of one task: an output or a failure.
 *
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public sealed interface TaskResult<I extends @Nullable Object, O extends @Nullable Object> {

	/**
	 * The task succeeded.
	 *
	 * @param input the input as it was pulled
	 * @param output what the worker made of it
	 * @param <I> the type of the input
	 * @param <O> the type of the output
	 */
	record Output<I extends @Nullable Object, O extends @Nullable Object>(I input,
			O output) implements TaskResult<I, O> {
	}

	/**
	 * The task failed, or something failed that belongs to no input.
	 *
	 * @param input the input as it was pulled; {@code null} if {@code hasInput} is false
	 * @param exception what happened
	 * @param hasInput whether the failure belongs to an input. A failed tear-down of a
	 * worker or a pool that gave up before the next input was pulled do not
	 * @param <I> the type of the input
	 * @param <O> the type of the output
	 */
	record Failure<I extends @Nullable Object, O extends @Nullable Object>(@Nullable I input,
			ExceptionContext exception, boolean hasInput) implements TaskResult<I, O> {

		/**
		 * The failure of one input.
		 * @param input the input as it was pulled
		 * @param exception what happened
		 */
		public Failure(@Nullable I input, ExceptionContext exception) {
			this(input, exception, true);
		}

	}

}
