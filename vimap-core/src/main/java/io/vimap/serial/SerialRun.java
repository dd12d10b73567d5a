package io.vimap.serial;

import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vimap.imap.FinishedTask;
import io.vimap.imap.ImapPlan;
import io.vimap.imap.ImapResults;
import org.jspecify.annotations.Nullable;

/**
 * One run of inputs through a serial pool: whoever asks for a result pulls one input and
 * runs it. So results come in order, chunks make no difference, and any bound holds.
 */
final class SerialRun implements ImapResults {

	private final ImapPlan<?, ?> plan;

	private final SerialPool<?, ?> pool;

	private final Iterator<?> inputs;

	private long pulled;

	private @Nullable Throwable failure;

	SerialRun(ImapPlan<?, ?> plan, SerialPool<?, ?> pool, Iterator<?> inputs) {
		this.plan = plan;
		this.pool = pool;
		this.inputs = inputs;
	}

	@Override
	public @Nullable FinishedTask next() throws InterruptedException {
		Object input;
		try {
			if (!pull(this.inputs::hasNext)) {
				return null;
			}
			this.pool.awaitTurn();
			this.failure = this.pool.refusal();
			if (this.failure != null) {
				return null;
			}
			input = pull(this.inputs::next);
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			this.failure = ex;
			return null;
		}
		this.pulled++;
		return this.pool.run(input, this.pool.context(), this.plan.taskTimeout());
	}

	private <T extends @Nullable Object> T pull(Callable<T> action) throws Throwable {
		Executor feeder = this.plan.feeder();
		if (feeder == null) {
			return action.call();
		}
		FutureTask<T> task = new FutureTask<>(action) {

			@Override
			protected void done() {
				SerialRun.this.pool.stateChanged();
			}

		};
		feeder.execute(task);
		while (true) {
			this.pool.awaitRefusalOr(task::isDone);
			try {
				return task.get(ImapPlan.FEEDER_END_NANOS, TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				RuntimeException refusal = this.pool.refusal();
				if (refusal != null) {
					task.cancel(false);
					throw refusal;
				}
				// The pool has been resumed meanwhile.
			}
			catch (ExecutionException ex) {
				throw (ex.getCause() != null) ? ex.getCause() : ex;
			}
		}
	}

	@Override
	public @Nullable Throwable failure() {
		return this.failure;
	}

	@Override
	public long pulled() {
		return this.pulled;
	}

	@Override
	public void close() {
		// Nothing is under way between two results.
	}

}
