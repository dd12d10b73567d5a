package io.vimap.dispatch;

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
 * The description of a run. Immutable; each terminal call makes an {@link ImapRun}.
 *
 * @param pool the pool to run in, and to close in the end if so wished
 * @param inputs makes the iterator of inputs when the run begins
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
record ImapPlan<I extends @Nullable Object, O extends @Nullable Object>(ForkedPool<I, O> pool,
		Supplier<ImapInputs> inputs, boolean inOrder, int chunk, @Nullable Duration taskTimeout,
		@Nullable Integer bound, @Nullable Executor feeder, boolean closeWhenDone, Duration progressEvery,
		@Nullable Consumer<Progress> progress) implements Imap<I, O> {

	/**
	 * The inputs of one run.
	 *
	 * @param iterator the inputs
	 * @param close releases what they come from
	 */
	record ImapInputs(Iterator<?> iterator, Runnable close) {

		static ImapInputs of(Iterator<?> iterator) {
			return new ImapInputs(iterator, () -> {
			});
		}

		static ImapInputs of(BaseStream<?, ?> stream) {
			return new ImapInputs(stream.iterator(), stream::close);
		}

	}

	@Override
	public Imap<I, O> ordered() {
		return new ImapPlan<>(this.pool, this.inputs, true, this.chunk, this.taskTimeout, this.bound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> chunked(int size) {
		require(size >= 1, "chunked", size, "a size of at least 1");
		return new ImapPlan<>(this.pool, this.inputs, this.inOrder, size, this.taskTimeout, this.bound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> taskTimeout(Duration timeout) {
		require(timeout.compareTo(Duration.ZERO) > 0, "taskTimeout", timeout, "a duration longer than zero");
		return new ImapPlan<>(this.pool, this.inputs, this.inOrder, this.chunk, timeout, this.bound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> maxInFlight(int newBound) {
		require(newBound >= 1, "maxInFlight", newBound, "a bound of at least 1");
		return new ImapPlan<>(this.pool, this.inputs, this.inOrder, this.chunk, this.taskTimeout, newBound, this.feeder,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> feeder(Executor executor) {
		return new ImapPlan<>(this.pool, this.inputs, this.inOrder, this.chunk, this.taskTimeout, this.bound, executor,
				this.closeWhenDone, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> closeWhenDone(boolean close) {
		return new ImapPlan<>(this.pool, this.inputs, this.inOrder, this.chunk, this.taskTimeout, this.bound,
				this.feeder, close, this.progressEvery, this.progress);
	}

	@Override
	public Imap<I, O> onProgress(Duration every, Consumer<Progress> listener) {
		require(!every.isNegative(), "onProgress", every, "a duration of zero or more");
		return new ImapPlan<>(this.pool, this.inputs, this.inOrder, this.chunk, this.taskTimeout, this.bound,
				this.feeder, this.closeWhenDone, every, listener);
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
		return stream(new ImapRun<>(this, (task) -> new InOut<>((I) task.input, (O) task.output), null));
	}

	@Override
	@SuppressWarnings("unchecked")
	public Stream<TaskResult<I, O>> zipInOutTyp() {
		return stream(new ImapRun<>(this,
				(task) -> (task.failure == null) ? new TaskResult.Output<>((I) task.input, (O) task.output)
						: new TaskResult.Failure<>((I) task.input, task.exceptionContext()),
				(failure) -> new TaskResult.Failure<>(null, failure, false)));
	}

	@Override
	@SuppressWarnings({ "unchecked", "NullAway" }) // null only where O allows it
	public Stream<O> outputs() {
		return stream(new ImapRun<O>(this, (task) -> (O) task.output, null));
	}

	@Override
	public void blockIgnoreOutput() {
		try (Stream<O> outputs = outputs()) {
			outputs.forEach((output) -> {
			});
		}
	}

	private static <T extends @Nullable Object> Stream<T> stream(ImapRun<T> run) {
		return StreamSupport.stream(run, false).onClose(run::close);
	}

}
