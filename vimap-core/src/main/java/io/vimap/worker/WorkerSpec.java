package io.vimap.worker;

import java.io.Serializable;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What one child process runs, and with which bound arguments. Immutable; the same spec
 * may be used for many processes and pools.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class WorkerSpec<I extends @Nullable Object, O extends @Nullable Object> {

	private final Serializable definition;

	private final @Nullable Object initArgs;

	private final @Nullable Type inputType;

	private final @Nullable Type outputType;

	private WorkerSpec(Serializable definition, @Nullable Object initArgs, @Nullable Type inputType,
			@Nullable Type outputType) {
		this.definition = definition;
		this.initArgs = initArgs;
		this.inputType = inputType;
		this.outputType = outputType;
	}

	/**
	 * A worker class. The child instantiates it by its no-arg constructor, or by a
	 * constructor with <em>one</em> parameter: the init args, bound to the parameter's
	 * type. The class is never instantiated in the parent.
	 * @param type a concrete class, public or package-private
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new spec without init args
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> WorkerSpec<I, O> of(
			Class<? extends Worker<I, O>> type) {
		return new WorkerSpec<>(Objects.requireNonNull(type, "'type' must not be null"), null, null, null);
	}

	/**
	 * A factory that runs in the child and builds the worker there.
	 * @param factory the factory; must be serializable with all it captures
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new spec without init args
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> WorkerSpec<I, O> of(
			WorkerFactory<I, O> factory) {
		return new WorkerSpec<>(Objects.requireNonNull(factory, "'factory' must not be null"), null, null, null);
	}

	/**
	 * A function that is applied to each input in the child.
	 * @param function the function; must be serializable with all it captures
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a new spec without init args
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> WorkerSpec<I, O> function(
			SerializableFunction<I, O> function) {
		return new WorkerSpec<>(Objects.requireNonNull(function, "'function' must not be null"), null, null, null);
	}

	/**
	 * Binds arguments to the worker: they are sent once when its process starts, never
	 * with the inputs. A name in a map that the worker's constructor has no place for is
	 * refused when the pool is made.
	 * @param args a record, a bean or a {@link Map} with string keys, all of them as
	 * Jackson can write them
	 * @return a new spec with these init args in place of earlier ones
	 */
	public WorkerSpec<I, O> initArgs(Object args) {
		Objects.requireNonNull(args, "'args' must not be null");
		return new WorkerSpec<>(this.definition, args, this.inputType, this.outputType);
	}

	/**
	 * Declares the types of input and output where the compiler erased them, so that
	 * their values travel by the same codecs as those of a worker class. Without it a
	 * factory's or a function's values travel by Java serialization unless they are of
	 * the simple types.
	 * @param input the type of an input
	 * @param output the type of an output
	 * @return a new spec with these types
	 */
	public WorkerSpec<I, O> types(Type input, Type output) {
		return new WorkerSpec<>(this.definition, this.initArgs,
				Objects.requireNonNull(input, "'input' must not be null"),
				Objects.requireNonNull(output, "'output' must not be null"));
	}

	/**
	 * Returns what the child creates its worker from.
	 * @return a {@link Class} that implements {@link Worker}, a {@link WorkerFactory} or
	 * a {@link SerializableFunction}
	 */
	public Serializable definition() {
		return this.definition;
	}

	/**
	 * Returns the init args as they were given.
	 * @return the init args or {@code null} if there are none
	 */
	public @Nullable Object initArgs() {
		return this.initArgs;
	}

	/**
	 * Returns the declared type of an input.
	 * @return the type, or {@code null} if {@link #types} was not called
	 */
	public @Nullable Type inputType() {
		return this.inputType;
	}

	/**
	 * Returns the declared type of an output.
	 * @return the type, or {@code null} if {@link #types} was not called
	 */
	public @Nullable Type outputType() {
		return this.outputType;
	}

	@Override
	public String toString() {
		String name = (this.definition instanceof Class<?> type) ? type.getName()
				: this.definition.getClass().getName();
		return "WorkerSpec[" + name + ((this.initArgs != null) ? ", initArgs=…" : "") + "]";
	}

}
