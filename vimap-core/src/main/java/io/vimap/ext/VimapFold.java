package io.vimap.ext;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Spliterators;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.vimap.Vimap;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.Progress;
import io.vimap.worker.SerializableFunction;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * Maps a function over inputs and combines its results to one. Workers take the inputs by
 * chunks and combine the results of a chunk themselves, so that one partial result per
 * chunk travels; the caller combines those as a balanced tree. The operands keep the
 * order of the inputs: the combiner must be associative, it need not be commutative.
 * Immutable.
 *
 * <pre>{@code
 * Optional<Long> words = VimapFold.of(Words::count, Long::sum).processes(4).run(lines);
 * }</pre>
 *
 * For results that are at hand there are {@link #tree} and {@link #sequential}.
 *
 * @param <I> the type of an input
 * @param <R> the type of a result
 */
public final class VimapFold<I, R> {

	private static final int DEFAULT_CHUNK = 100;

	/**
	 * Combines two results in a child or in the caller.
	 *
	 * @param <R> the type of a result
	 */
	@FunctionalInterface
	public interface Combiner<R> extends BinaryOperator<R>, Serializable {

	}

	private final SerializableFunction<I, R> function;

	private final Combiner<R> combiner;

	private final int processes;

	private final int chunk;

	private final PoolOptions options;

	private final Duration progressEvery;

	private final @Nullable Consumer<Progress> progress;

	private VimapFold(SerializableFunction<I, R> function, Combiner<R> combiner, int processes, int chunk,
			PoolOptions options, Duration progressEvery, @Nullable Consumer<Progress> progress) {
		this.function = function;
		this.combiner = combiner;
		this.processes = processes;
		this.chunk = chunk;
		this.options = options;
		this.progressEvery = progressEvery;
		this.progress = progress;
	}

	/**
	 * Describes a fold in one process per available processor, by chunks of 100.
	 * @param function makes a result of an input, in the children
	 * @param combiner combines two results; associative
	 * @param <I> the type of an input
	 * @param <R> the type of a result
	 * @return a new fold
	 */
	public static <I, R> VimapFold<I, R> of(SerializableFunction<I, R> function, Combiner<R> combiner) {
		return new VimapFold<>(function, combiner, Runtime.getRuntime().availableProcessors(), DEFAULT_CHUNK,
				PoolOptions.defaults(), Duration.ZERO, null);
	}

	/**
	 * Sets the number of processes.
	 * @param count how many, at least 1
	 * @return a new fold
	 */
	public VimapFold<I, R> processes(int count) {
		return new VimapFold<>(this.function, this.combiner, count, this.chunk, this.options, this.progressEvery,
				this.progress);
	}

	/**
	 * Sets how many inputs a worker takes and combines together.
	 * @param size the number of inputs in a chunk, at least 1
	 * @return a new fold
	 * @throws IllegalArgumentException if {@code size} is less than 1
	 */
	public VimapFold<I, R> chunked(int size) {
		if (size < 1) {
			throw new IllegalArgumentException("VimapFold: chunked(" + size + "). Allowed: a size of at least 1.");
		}
		return new VimapFold<>(this.function, this.combiner, this.processes, size, this.options, this.progressEvery,
				this.progress);
	}

	/**
	 * Sets how the pool behaves.
	 * @param newOptions the options
	 * @return a new fold
	 */
	public VimapFold<I, R> options(PoolOptions newOptions) {
		return new VimapFold<>(this.function, this.combiner, this.processes, this.chunk, newOptions, this.progressEvery,
				this.progress);
	}

	/**
	 * Reports progress, as {@link Imap#onProgress} does; it counts chunks.
	 * @param every the shortest time between two reports
	 * @param listener receives the reports
	 * @return a new fold
	 */
	public VimapFold<I, R> onProgress(Duration every, Consumer<Progress> listener) {
		return new VimapFold<>(this.function, this.combiner, this.processes, this.chunk, this.options, every, listener);
	}

	/**
	 * Runs the fold in a pool of its own. A failed input throws out of this method.
	 * @param inputs the inputs, which are pulled as workers have room for them
	 * @return the result; empty if there is no input
	 */
	public Optional<R> run(Iterable<? extends I> inputs) {
		return run(StreamSupport.stream(Spliterators.spliteratorUnknownSize(inputs.iterator(), 0), false));
	}

	/**
	 * Runs the fold in a pool of its own. A failed input throws out of this method.
	 * @param inputs the inputs, which are pulled as workers have room for them, and
	 * closed in the end
	 * @return the result; empty if there is no input
	 */
	public Optional<R> run(Stream<? extends I> inputs) {
		SerializableFunction<I, R> each = this.function;
		Combiner<R> both = this.combiner;
		SerializableFunction<ArrayList<I>, R> foldChunk = (inputsOfChunk) -> foldChunk(inputsOfChunk, each, both);
		try (inputs;
				ProcessPool<ArrayList<I>, R> pool = Vimap.forkIdentical(WorkerSpec.function(foldChunk), this.processes,
						this.options)) {
			Imap<ArrayList<I>, R> imap = pool.imap(chunks(inputs.iterator())).ordered();
			if (this.progress != null) {
				imap = imap.onProgress(this.progressEvery, this.progress);
			}
			try (Stream<R> partial = imap.outputs()) {
				return tree(partial, both);
			}
		}
	}

	/** In the child. */
	private static <I, R> R foldChunk(List<I> inputs, SerializableFunction<I, R> function, Combiner<R> combiner)
			throws Exception {
		R result = function.apply(inputs.get(0));
		for (I input : inputs.subList(1, inputs.size())) {
			result = combiner.apply(result, function.apply(input));
		}
		return result;
	}

	@SuppressWarnings("NonApiType") // a List need not be serializable
	private Iterator<ArrayList<I>> chunks(Iterator<? extends I> each) {
		return new Iterator<>() {

			@Override
			public boolean hasNext() {
				return each.hasNext();
			}

			@Override
			public ArrayList<I> next() {
				ArrayList<I> inputsOfChunk = new ArrayList<>();
				do {
					inputsOfChunk.add(each.next());
				}
				while (inputsOfChunk.size() < VimapFold.this.chunk && each.hasNext());
				return inputsOfChunk;
			}

		};
	}

	/**
	 * Combines results as a balanced tree: each of them goes through about log n
	 * combinations, which matters where combining takes time in proportion to the size of
	 * its operands. Keeps log n partial results.
	 * @param results the results
	 * @param combiner combines two results; associative
	 * @param <R> the type of a result
	 * @return the result; empty if there is none
	 * @throws NullPointerException if the last combination, or the only result, is
	 * {@code null}
	 */
	public static <R> Optional<R> tree(Stream<? extends R> results, BinaryOperator<R> combiner) {
		Deque<Partial<R>> partials = new ArrayDeque<>();
		results.forEachOrdered((result) -> {
			Partial<R> newest = new Partial<>(result, 0);
			// As in a binary counter: two of a rank make one of the next.
			while (!partials.isEmpty() && partials.getLast().rank() == newest.rank()) {
				newest = new Partial<>(combiner.apply(partials.removeLast().value(), newest.value()),
						newest.rank() + 1);
			}
			partials.addLast(newest);
		});
		if (partials.isEmpty()) {
			return Optional.empty();
		}
		R total = partials.removeLast().value();
		while (!partials.isEmpty()) {
			total = combiner.apply(partials.removeLast().value(), total);
		}
		return Optional.of(Objects.requireNonNull(total,
				"VimapFold: the result is null, which is none. Let the function and the combiner return a value that"
						+ " stands for nothing, such as an empty list."));
	}

	private record Partial<R>(R value, int rank) {
	}

	/**
	 * Folds results one after the other, in the caller, as they come.
	 * @param results the results
	 * @param initial what to begin with
	 * @param fold makes the next value of the value so far and a result
	 * @param <R> the type of a result
	 * @param <A> the type of the value
	 * @return the last value
	 */
	public static <R extends @Nullable Object, A> A sequential(Stream<? extends R> results, A initial,
			BiFunction<A, R, A> fold) {
		A value = initial;
		Iterator<? extends R> each = results.iterator();
		while (each.hasNext()) {
			value = fold.apply(value, each.next());
		}
		return value;
	}

}
