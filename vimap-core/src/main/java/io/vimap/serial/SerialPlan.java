package io.vimap.serial;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.Progress;
import io.vimap.pool.TaskResult;
import org.jspecify.annotations.Nullable;

/**
 * The description of a run through a serial pool. Immutable; each terminal call makes a
 * {@link SerialRun}. One element is under way at a time, so order, chunks and the bound
 * are checked and have no other effect; nor has the task timeout.
 *
 * @param pool the pool to run in, and to close in the end if so wished
 * @param inputs makes the iterator of inputs when the run begins
 * @param feeder pulls the inputs, {@code null} for the consumer's thread
 * @param closeWhenDone whether to close the pool in the end
 * @param progressEvery the time between reports
 * @param progress receives reports, {@code null} for nobody
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
record SerialPlan<I extends @Nullable Object, O extends @Nullable Object>(SerialPool<I, O> pool,
		Supplier<Inputs> inputs, @Nullable Executor feeder, boolean closeWhenDone, Duration progressEvery,
		@Nullable Consumer<Progress> progress) implements Imap<I, O> {

	/**
	 * The inputs of one run.
	 *
	 * @param iterator the inputs
	 * @param close releases what they come from
	 */
	record Inputs(Iterator<?> iterator, Runnable close) {

		static Inputs of(Iterator<?> iterator) {
			return new Inputs(iterator, () -> {
			});
		}

		static Inputs of(BaseStream<?, ?> stream) {
			return new Inputs(stream.iterator(), stream::close);
		}

	}

	static <I extends @Nullable Object, O extends @Nullable Object> Imap<I, O> of(SerialPool<I, O> pool,
			Supplier<Inputs> inputs) {
		return new SerialPlan<>(pool, inputs, null, pool.options().closeWhenDone(), Duration.ofSeconds(1), null);
	}

	@Override
	public Imap<I, O> ordered() {
		return this;
	}

	@Override
	public Imap<I, O> chunked(int size) {
		require(size >= 1, "chunked", size, "a size of at least 1");
		return this;
	}

	@Override
	public Imap<I, O> taskTimeout(Duration timeout) {
		require(timeout.compareTo(Duration.ZERO) > 0, "taskTimeout", timeout, "a duration longer than zero");
		return this;
	}

	@Override
	public Imap<I, O> maxInFlight(int bound) {
		require(bound >= 1, "maxInFlight", bound, "a bound of at least 1");
		return this;
	}

	@Override
	public Imap<I, O> feeder(Executor executor) {
		return new SerialPlan<>(this.pool, this.inputs, executor, this.closeWhenDone, this.progressEvery,
				this.progress);
	}

	@Override
	public Imap<I, O> closeWhenDone(boolean close) {
		return new SerialPlan<>(this.pool, this.inputs, this.feeder, close, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> onProgress(Duration every, Consumer<Progress> listener) {
		require(!every.isNegative(), "onProgress", every, "a duration of zero or more");
		return new SerialPlan<>(this.pool, this.inputs, this.feeder, this.closeWhenDone, every, listener);
	}

	private void require(boolean valid, String method, Object found, String allowed) {
		if (!valid) {
			throw new IllegalArgumentException("imap of pool '" + this.pool.name() + "': " + method + "(" + found
					+ "). Allowed: " + allowed + ".");
		}
	}

	@Override
	@SuppressWarnings("unchecked")
	public Stream<InOut<I, O>> zipInOut() {
		return stream(new SerialRun<>(this, (done) -> new InOut<>((I) done.input(), (O) done.output()), null));
	}

	@Override
	@SuppressWarnings("unchecked")
	public Stream<TaskResult<I, O>> zipInOutTyp() {
		return stream(new SerialRun<>(this,
				(done) -> (done.failure() == null) ? new TaskResult.Output<>((I) done.input(), (O) done.output())
						: new TaskResult.Failure<>((I) done.input(), done.exceptionContext()),
				(failure) -> new TaskResult.Failure<>(null, failure, false)));
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" }) // null only where O allows it
	public Stream<O> outputs() {
		return stream(new SerialRun<O>(this, (done) -> (O) done.output(), null));
	}

	@Override
	public void blockIgnoreOutput() {
		try (Stream<O> outputs = outputs()) {
			outputs.forEach((output) -> {
			});
		}
	}

	private static <T extends @Nullable Object> Stream<T> stream(SerialRun<T> run) {
		return StreamSupport.stream(run, false).onClose(run::close);
	}

}
