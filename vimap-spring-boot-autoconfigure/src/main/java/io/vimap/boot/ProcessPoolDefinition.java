package io.vimap.boot;

import java.time.Duration;
import java.util.function.Supplier;

import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * How a {@link ManagedProcessPool} is made, again each time it is started.
 *
 * @param name the pool's name
 * @param input the type of an input
 * @param output the type of an output
 * @param processes the number of processes it starts with
 * @param autoStart whether it starts with the application
 * @param required whether the application fails to start if the pool does
 * @param startLimit how long starting may take until all processes are ready
 * @param engine forks a new pool and returns without waiting for it
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public record ProcessPoolDefinition<I extends @Nullable Object, O extends @Nullable Object>(String name,
		ResolvableType input, ResolvableType output, int processes, boolean autoStart, boolean required,
		Duration startLimit, Supplier<ProcessPool<I, O>> engine) {
}
