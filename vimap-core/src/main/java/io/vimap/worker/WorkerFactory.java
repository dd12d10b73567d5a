package io.vimap.worker;

import java.io.Serializable;

import org.jspecify.annotations.Nullable;

/**
 * Builds a worker <em>in the child process</em>. The factory itself travels to the child
 * by Java serialization, what it creates does not: this is the place to build what can't
 * be serialized (sessions, native handles, compiled models).
 * <p>
 * As a lambda it may capture only serializable values, and the class that contains it
 * must be on the child's class path.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
@FunctionalInterface
public interface WorkerFactory<I extends @Nullable Object, O extends @Nullable Object> extends Serializable {

	/**
	 * Creates the worker. Called once per process, in the child, on the thread that later
	 * calls the worker, within {@code init-timeout}.
	 * @param context who and where the worker is
	 * @return the worker; its {@link Worker#init} is called next
	 * @throws Exception if the worker can't be built
	 */
	Worker<I, O> create(WorkerContext context) throws Exception;

}
