package io.vimap.testing;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.Progress;
import io.vimap.pool.TaskResult;
import org.jspecify.annotations.Nullable;

/**
 * A run whose results are recorded.
 *
 * @param pool where to record
 * @param imap the run
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
record DebugImap<I extends @Nullable Object, O extends @Nullable Object>(DebugPool<I, O> pool,
		Imap<I, O> imap) implements Imap<I, O> {

	private Imap<I, O> with(Imap<I, O> changed) {
		return new DebugImap<>(this.pool, changed);
	}

	@Override
	public Imap<I, O> ordered() {
		return with(this.imap.ordered());
	}

	@Override
	public Imap<I, O> chunked(int size) {
		return with(this.imap.chunked(size));
	}

	@Override
	public Imap<I, O> taskTimeout(Duration timeout) {
		return with(this.imap.taskTimeout(timeout));
	}

	@Override
	public Imap<I, O> maxInFlight(int bound) {
		return with(this.imap.maxInFlight(bound));
	}

	@Override
	public Imap<I, O> feeder(Executor executor) {
		return with(this.imap.feeder(executor));
	}

	@Override
	public Imap<I, O> closeWhenDone(boolean close) {
		return with(this.imap.closeWhenDone(close));
	}

	@Override
	public Imap<I, O> onProgress(Duration every, Consumer<Progress> listener) {
		return with(this.imap.onProgress(every, listener));
	}

	@Override
	public Stream<InOut<I, O>> zipInOut() {
		return this.imap.zipInOut().map((pair) -> {
			this.pool.record(new TaskResult.Output<>(pair.input(), pair.output()));
			return pair;
		});
	}

	@Override
	public Stream<TaskResult<I, O>> zipInOutTyp() {
		return this.imap.zipInOutTyp().map((result) -> {
			this.pool.record(result);
			return result;
		});
	}

	@Override
	public Stream<O> outputs() {
		return zipInOut().map(InOut::output);
	}

	@Override
	public void blockIgnoreOutput() {
		try (Stream<InOut<I, O>> results = zipInOut()) {
			results.forEach((result) -> {
			});
		}
	}

}
