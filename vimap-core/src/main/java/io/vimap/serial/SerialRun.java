package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.Function;

import io.vimap.dispatch.TaskFailures;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.Progress;
import io.vimap.pool.VimapException;
import org.jspecify.annotations.Nullable;

/**
 * One run of inputs through a serial pool: each pull of a result pulls one input, runs it
 * and delivers what became of it. Belongs to one thread at a time.
 *
 * @param <R> the type of a result as the consumer sees it
 */
final class SerialRun<R extends @Nullable Object> implements Spliterator<R> {

	private final SerialPlan<?, ?> plan;

	private final SerialPool<?, ?> pool;

	private final Function<SerialResult, R> result;

	/** How failures of no input are shown, or {@code null} if they are thrown. */
	private final @Nullable Function<ExceptionContext, R> failureOfNone;

	private SerialPlan.@Nullable Inputs inputs;

	private @Nullable SerialFeeder feeder;

	private long startedAt;

	private long lastProgress;

	private long pulled;

	private long taken;

	private long failures;

	private boolean closed;

	/** Failures of no input that are still to be delivered, once the run has ended. */
	private final Deque<ExceptionContext> epilogue = new ArrayDeque<>();

	SerialRun(SerialPlan<?, ?> plan, Function<SerialResult, R> result,
			@Nullable Function<ExceptionContext, R> failureOfNone) {
		this.plan = plan;
		this.pool = plan.pool();
		this.result = result;
		this.failureOfNone = failureOfNone;
	}

	@Override
	public boolean tryAdvance(Consumer<? super R> action) {
		SerialResult done = this.closed ? null : next();
		if (done != null) {
			this.taken++;
			if (done.failure() != null) {
				this.failures++;
				if (this.failureOfNone == null) {
					close();
					throw done.failure();
				}
			}
			reportProgress(false);
			action.accept(this.result.apply(done));
			return true;
		}
		ExceptionContext failure = this.epilogue.poll();
		if (failure != null && this.failureOfNone != null) {
			action.accept(this.failureOfNone.apply(failure));
			return true;
		}
		return false;
	}

	private @Nullable SerialResult next() {
		Iterator<?> source = source();
		Object input;
		try {
			if (!source.hasNext()) {
				end(null);
				return null;
			}
			this.pool.awaitTurn();
			RuntimeException refusal = this.pool.refusal();
			if (refusal != null) {
				end(refusal);
				return null;
			}
			input = source.next();
			this.pulled++;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			close();
			throw new CancellationException(
					"The thread that reads an imap of pool '" + this.pool.name() + "' was interrupted.");
		}
		catch (Throwable ex) {
			end(ex);
			return null;
		}
		return this.pool.run(input, this.pool.context());
	}

	private Iterator<?> source() {
		SerialPlan.Inputs source = this.inputs;
		if (source == null) {
			this.startedAt = System.nanoTime();
			this.lastProgress = this.startedAt;
			source = this.plan.inputs().get();
			this.inputs = source;
			if (this.plan.feeder() != null) {
				this.feeder = new SerialFeeder(source.iterator(), this.pool.name());
				this.plan.feeder().execute(this.feeder);
			}
		}
		return (this.feeder != null) ? this.feeder : source.iterator();
	}

	/** There are no more inputs that could be run. */
	private void end(@Nullable Throwable failure) {
		close();
		if (failure instanceof VimapException && this.failureOfNone != null) {
			this.epilogue.add(TaskFailures.describe(failure));
		}
		else if (failure != null) {
			throw (failure instanceof RuntimeException unchecked) ? unchecked : new IllegalStateException(failure);
		}
		else if (this.plan.closeWhenDone()) {
			this.epilogue.addAll(this.pool.cleanupFailures());
		}
	}

	/** Ends the run, however far it has come. Idempotent. */
	void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		if (this.feeder != null) {
			this.feeder.stop();
		}
		try {
			reportProgress(true);
			if (this.inputs != null) {
				this.inputs.close().run();
			}
		}
		finally {
			if (this.plan.closeWhenDone()) {
				this.pool.close();
			}
		}
	}

	private void reportProgress(boolean done) {
		Consumer<Progress> listener = this.plan.progress();
		if (listener == null || this.inputs == null) {
			return;
		}
		long now = System.nanoTime();
		if (done || now - this.lastProgress >= this.plan.progressEvery().toNanos()) {
			this.lastProgress = now;
			listener.accept(new Progress(this.pulled, this.taken - this.failures, this.failures,
					Duration.ofNanos(now - this.startedAt), done));
		}
	}

	@Override
	public @Nullable Spliterator<R> trySplit() {
		return null;
	}

	@Override
	public long estimateSize() {
		return Long.MAX_VALUE;
	}

	@Override
	public int characteristics() {
		return ORDERED;
	}

}
