package io.vimap.imap;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Spliterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.Progress;
import io.vimap.pool.VimapException;
import org.jspecify.annotations.Nullable;

/**
 * The results of one run as the caller reads them. Belongs to one thread at a time: the
 * consumer. The run begins when the first result is asked for.
 *
 * @param <R> the type of a result as the consumer sees it
 */
final class ImapStream<R extends @Nullable Object> implements Spliterator<R> {

	private final ImapPlan<?, ?> plan;

	private final ImapPlan.Inputs inputs;

	private final Function<FinishedTask, R> result;

	/** How failures of no input are shown, or {@code null} if they are thrown. */
	private final @Nullable Function<ExceptionContext, R> failureOfNone;

	/**
	 * The thread that asks for a result at this moment. Any thread: there must not be
	 * two. Not volatile, so that it costs nothing: who meets the other in most cases, as
	 * one that waits for a result does, is told, instead of waiting for ever.
	 */
	private @Nullable Thread reader;

	/** {@code null} until the run begins. */
	private @Nullable ImapResults results;

	private boolean closed;

	private long startedAt;

	private long lastProgress;

	private long succeeded;

	private long failed;

	/** Failures of no input that are still to be delivered, once the run has ended. */
	private final Deque<ExceptionContext> epilogue = new ArrayDeque<>();

	ImapStream(ImapPlan<?, ?> plan, ImapPlan.Inputs inputs, Function<FinishedTask, R> result,
			@Nullable Function<ExceptionContext, R> failureOfNone) {
		this.plan = plan;
		this.inputs = inputs;
		this.result = result;
		this.failureOfNone = failureOfNone;
	}

	@Override
	public boolean tryAdvance(Consumer<? super R> action) {
		FinishedTask task = this.closed ? null : next();
		if (task != null) {
			Throwable failure = task.failure();
			if (failure == null) {
				this.succeeded++;
			}
			else {
				this.failed++;
				if (this.failureOfNone == null) {
					close();
					throw unchecked(failure);
				}
			}
			reportProgress(false);
			action.accept(this.result.apply(task));
			return true;
		}
		ExceptionContext failure = this.epilogue.poll();
		if (failure != null && this.failureOfNone != null) {
			action.accept(this.failureOfNone.apply(failure));
			return true;
		}
		return false;
	}

	private @Nullable FinishedTask next() {
		Thread other = this.reader;
		if (other != null) {
			throw new IllegalStateException("The threads '" + other.getName() + "' and '"
					+ Thread.currentThread().getName() + "' read an imap of pool '" + this.plan.engine().name()
					+ "' at once. One thread at a time may: let it hand the results on, or give each thread an"
					+ " imap of its own.");
		}
		ImapResults run = this.results;
		try {
			this.reader = Thread.currentThread();
			if (run == null) {
				run = begin();
			}
			FinishedTask task = run.next();
			if (task == null) {
				end(run.failure());
			}
			return task;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			close();
			throw new CancellationException(
					"The thread that reads an imap of pool '" + this.plan.engine().name() + "' was interrupted.");
		}
		catch (Throwable ex) {
			close();
			throw ex;
		}
		finally {
			this.reader = null;
		}
	}

	private ImapResults begin() {
		this.startedAt = System.nanoTime();
		this.lastProgress = this.startedAt;
		ImapResults run = this.plan.engine().begin(this.plan, this.inputs.iterator().get());
		this.results = run;
		return run;
	}

	/** All results have been taken, and there are no more inputs that could be run. */
	private void end(@Nullable Throwable failure) {
		close();
		if (failure instanceof VimapException && this.failureOfNone != null) {
			this.epilogue.add(ExceptionContext.of(failure));
		}
		else if (failure != null) {
			throw unchecked(failure);
		}
		else if (this.plan.closeWhenDone()) {
			this.epilogue.addAll(this.plan.engine().cleanupFailures());
		}
	}

	private static RuntimeException unchecked(Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		return (failure instanceof RuntimeException unchecked) ? unchecked : new IllegalStateException(failure);
	}

	/** Ends the run, however far it has come. Idempotent. */
	void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		try {
			if (this.results != null) {
				this.results.close();
				reportProgress(true);
			}
		}
		finally {
			try {
				this.inputs.close().run();
			}
			finally {
				if (this.plan.closeWhenDone()) {
					this.plan.engine().close();
				}
			}
		}
	}

	private void reportProgress(boolean done) {
		Consumer<Progress> listener = this.plan.progress();
		if (listener == null || this.results == null) {
			return;
		}
		long now = System.nanoTime();
		if (done || now - this.lastProgress >= TimeUnit.NANOSECONDS.convert(this.plan.progressEvery())) {
			this.lastProgress = now;
			listener.accept(new Progress(this.results.pulled(), this.succeeded, this.failed,
					Duration.ofNanos(now - this.startedAt), done));
		}
	}

	@Override
	public @Nullable Spliterator<R> trySplit() {
		// Splitting would read ahead without a bound.
		return null;
	}

	@Override
	public long estimateSize() {
		return Long.MAX_VALUE;
	}

	@Override
	public int characteristics() {
		return this.plan.inOrder() ? ORDERED : 0;
	}

}
