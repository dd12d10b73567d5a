package io.vimap.pool;

import org.jspecify.annotations.Nullable;

/**
 * An input with its output.
 *
 * @param input the input as it was pulled
 * @param output what the worker made of it
 * @param <I> the type of the input
 * @param <O> the type of the output
 */
public record InOut<I extends @Nullable Object, O extends @Nullable Object>(I input, O output) {
}
