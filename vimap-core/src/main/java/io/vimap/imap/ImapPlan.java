package io.vimap.imap;

import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.Progress;
import io.vimap.pool.TaskResult;
import org.jspecify.annotations.Nullable;

/**
 * The description of an imap. Immutable; each terminal call makes an {@link ImapStream}.
 *
 * @param engine runs it, and is closed in the end if so wished
 * @param inputs asked for the inputs once per terminal call
 * @param inOrder whether results come in the order of their inputs
 * @param chunk how many elements go to one worker together
 * @param taskTimeout the time each element may run, {@code null} for the pool's
 * @param bound the bound on inputs pulled and results not taken, {@code null} for
 * automatic
 * @param feeder pulls the inputs, {@code null} for the consumer's thread
 * @param closeWhenDone whether to close the pool in the end
 * @param progressEvery the time between reports
 * @param progress receives reports, {@code null} for nobody
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public record ImapPlan<I extends @Nullable Object, O extends @Nullable Object>(ImapEngine<I, O> engine,
		Supplier<Inputs> inputs, boolean inOrder, int chunk, @Nullable Duration taskTimeout, @Nullable Integer bound,
		@Nullable Executor feeder, boolean closeWhenDone, Duration progressEvery,
		@Nullable Consumer<Progress> progress) implements Imap<I, O> {

	/**
	 * How long a feeder may take, in nanoseconds, to see that the pool takes no more
	 * inputs, before it is left alone with a source that blocks.
	 */
	public static final long FEEDER_END_NANOS = 1_000_000_000;

	/** Counted in nanoseconds, a long overflows after 292 years. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	/**
	 * The inputs of one run.
	 *
	 * @param iterator makes the iterator when the run begins
	 * @param close releases what they come from
	 */
	record Inputs(Supplier<Iterator<?>> iterator, Runnable close) {
	}

	static <I extends @Nullable Object, O extends @Nullable Object> Imap<I, O> of(ImapEngine<I, O> engine,
			Iterable<? extends I> inputs) {
		Objects.requireNonNull(inputs, "'inputs' must not be null");
		return of(engine, () -> new Inputs(inputs::iterator, () -> {
		}));
	}

	static <I extends @Nullable Object, O extends @Nullable Object> Imap<I, O> of(ImapEngine<I, O> engine,
			Iterator<? extends I> inputs) {
		Objects.requireNonNull(inputs, "'inputs' must not be null");
		return of(engine, once(engine, "an iterator", new Inputs(() -> inputs, () -> {
		})));
	}

	static <I extends @Nullable Object, O extends @Nullable Object> Imap<I, O> of(ImapEngine<I, O> engine,
			Stream<? extends I> inputs) {
		Objects.requireNonNull(inputs, "'inputs' must not be null");
		return of(engine, once(engine, "a stream", new Inputs(inputs::iterator, inputs::close)));
	}

	private static <I extends @Nullable Object, O extends @Nullable Object> Imap<I, O> of(ImapEngine<I, O> engine,
			Supplier<Inputs> inputs) {
		return new ImapPlan<>(engine, inputs, false, 1, null, engine.options().maxInFlight(), null,
				engine.options().closeWhenDone(), Duration.ofSeconds(1), null);
	}

	private static Supplier<Inputs> once(ImapEngine<?, ?> engine, String kind, Inputs inputs) {
		AtomicBoolean used = new AtomicBoolean();
		return () -> {
			if (used.getAndSet(true)) {
				throw new IllegalStateException("imap of pool '" + engine.name() + "': its inputs are " + kind
						+ ", which an earlier terminal call has used. Call imap again, or give it an Iterable.");
			}
			return inputs;
		};
	}

	@Override
	public Imap<I, O> ordered() {
		return new ImapPlan<>(this.engine, this.inputs, true, this.chunk, this.taskTimeout, this.bound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> chunked(int size) {
		require(size >= 1, "chunked(" + size + ")", "a size of at least 1");
		return new ImapPlan<>(this.engine, this.inputs, this.inOrder, size, this.taskTimeout, this.bound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> taskTimeout(Duration timeout) {
		Objects.requireNonNull(timeout, "'timeout' must not be null");
		require(timeout.compareTo(Duration.ZERO) > 0, "taskTimeout(" + timeout + ")", "a duration longer than zero");
		require(timeout.compareTo(LONGEST) <= 0, "taskTimeout(" + timeout + ")", "a duration of at most 36500 days");
		return new ImapPlan<>(this.engine, this.inputs, this.inOrder, this.chunk, timeout, this.bound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> maxInFlight(int newBound) {
		require(newBound >= 1, "maxInFlight(" + newBound + ")", "a bound of at least 1");
		return new ImapPlan<>(this.engine, this.inputs, this.inOrder, this.chunk, this.taskTimeout, newBound,
				this.feeder, this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> feeder(Executor executor) {
		Objects.requireNonNull(executor, "'executor' must not be null");
		return new ImapPlan<>(this.engine, this.inputs, this.inOrder, this.chunk, this.taskTimeout, this.bound,
				executor, this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> closeWhenDone(boolean close) {
		return new ImapPlan<>(this.engine, this.inputs, this.inOrder, this.chunk, this.taskTimeout, this.bound,
				this.feeder, close, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> onProgress(Duration every, Consumer<Progress> listener) {
		Objects.requireNonNull(every, "'every' must not be null");
		Objects.requireNonNull(listener, "'listener' must not be null");
		require(!every.isNegative(), "onProgress(" + every + ", …)", "a duration of zero or more");
		return new ImapPlan<>(this.engine, this.inputs, this.inOrder, this.chunk, this.taskTimeout, this.bound,
				this.feeder, this.closeWhenDone, every, listener);
	}

	private void require(boolean valid, String found, String allowed) {
		if (!valid) {
			throw new IllegalArgumentException(
					"imap of pool '" + this.engine.name() + "': " + found + ". Allowed: " + allowed + ".");
		}
	}

	@Override
	@SuppressWarnings("unchecked")
	public Stream<InOut<I, O>> zipInOut() {
		return stream((task) -> new InOut<>((I) task.input(), (O) task.output()), null);
	}

	@Override
	@SuppressWarnings("unchecked")
	public Stream<TaskResult<I, O>> zipInOutTyp() {
		return stream((task) -> {
			Throwable failure = task.failure();
			return (failure == null) ? new TaskResult.Output<>((I) task.input(), (O) task.output())
					: new TaskResult.Failure<>((I) task.input(), ExceptionContext.of(failure));
		}, (failure) -> new TaskResult.Failure<>(null, failure, false));
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" }) // null only where O allows it
	public Stream<O> outputs() {
		return this.<O>stream((task) -> (O) task.output(), null);
	}

	@Override
	public void blockIgnoreOutput() {
		try (Stream<O> outputs = outputs()) {
			outputs.forEach((output) -> {
			});
		}
	}

	private <R extends @Nullable Object> Stream<R> stream(Function<FinishedTask, R> result,
			@Nullable Function<ExceptionContext, R> failureOfNone) {
		require(this.bound == null || this.chunk <= this.bound,
				"chunked(" + this.chunk + ") with a bound of " + this.bound + " (maxInFlight, or max-in-flight)",
				"chunks no larger than the bound");
		ImapStream<R> results = new ImapStream<>(this, this.inputs.get(), result, failureOfNone);
		return StreamSupport.stream(results, false).onClose(results::close);
	}

}
