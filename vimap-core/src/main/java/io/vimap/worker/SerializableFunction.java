package io.vimap.worker;

import java.io.Serializable;

import org.jspecify.annotations.Nullable;

/**
 * A function that can be sent to a child process, usually a lambda. It may capture only
 * serializable values.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
@FunctionalInterface
public interface SerializableFunction<I extends @Nullable Object, O extends @Nullable Object> extends Serializable {

	/**
	 * Applies this function to one input, in the child.
	 * @param input the input
	 * @return the output
	 * @throws Exception if this input cannot be processed
	 */
	O apply(I input) throws Exception;

}
