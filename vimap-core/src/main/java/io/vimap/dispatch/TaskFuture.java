package io.vimap.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The future of one submitted task. Stages that depend on it never run on a pool's
 * thread: if there are any, it is completed by its default executor. A caller that waits
 * in {@code get} or {@code join} is woken by the reader thread itself, which is the
 * shortest way back.
 *
 * @param <O> the type of the output
 */
final class TaskFuture<O extends @Nullable Object> extends CompletableFuture<O> implements TaskOwner {

	private final TaskDispatcher dispatcher;

	/** The first caller that waits; others wait as in any future. */
	private final AtomicReference<@Nullable Thread> waiter = new AtomicReference<>();

	/** Set once, before the task is offered. */
	private @Nullable Task task;

	/** Guarded by the dispatcher's lock. */
	private boolean abandoned;

	/** Guarded by the dispatcher's lock. */
	private boolean unwanted;

	TaskFuture(TaskDispatcher dispatcher) {
		this.dispatcher = dispatcher;
	}

	void task(Task newTask) {
		this.task = newTask;
	}

	@Override
	public void finished(Task finished, Turn turn) {
		turn.afterwards(() -> deliver(finished));
	}

	private void deliver(Task finished) {
		if (getNumberOfDependents() == 0) {
			finish(finished);
		}
		else {
			defaultExecutor().execute(() -> finish(finished));
		}
	}

	@SuppressWarnings("unchecked")
	private void finish(Task finished) {
		Throwable failure = finished.failure();
		if (failure != null) {
			completeExceptionally(failure);
		}
		else {
			complete((O) finished.output);
		}
		Thread waiting = this.waiter.get();
		if (waiting != null) {
			LockSupport.unpark(waiting);
		}
	}

	@Override
	public O get() throws InterruptedException, ExecutionException {
		awaitDone(0);
		return super.get();
	}

	@Override
	public O get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		long begin = System.nanoTime();
		awaitDone(Math.max(1, unit.toNanos(timeout)));
		return super.get(unit.toNanos(timeout) - (System.nanoTime() - begin), TimeUnit.NANOSECONDS);
	}

	@Override
	public O join() {
		awaitDone(0);
		return super.join();
	}

	/** Waits, but leaves all judgement (interrupts, time, outcome) to the superclass. */
	private void awaitDone(long nanos) {
		if (isDone() || !this.waiter.compareAndSet(null, Thread.currentThread())) {
			return;
		}
		long deadline = System.nanoTime() + nanos;
		try {
			while (!isDone() && !Thread.currentThread().isInterrupted()) {
				if (nanos == 0) {
					LockSupport.park(this);
				}
				else {
					long left = deadline - System.nanoTime();
					if (left <= 0) {
						return;
					}
					LockSupport.parkNanos(this, left);
				}
			}
		}
		finally {
			this.waiter.set(null);
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean cancelled = super.cancel(mayInterruptIfRunning);
		Task mine = this.task;
		if (cancelled && mine != null) {
			this.dispatcher.takeBack(mine, this, mayInterruptIfRunning);
		}
		return cancelled;
	}

	/** The dispatcher's lock is held. */
	void abandon(boolean interrupt) {
		this.abandoned = true;
		this.unwanted = interrupt;
	}

	@Override
	public boolean abandoned() {
		return this.abandoned;
	}

	@Override
	public boolean unwanted() {
		return this.unwanted;
	}

	@Override
	public long timeoutNanos() {
		return this.dispatcher.taskTimeoutNanos();
	}

	@Override
	public String timeoutProperty() {
		return "task-timeout";
	}

	/** Dependent stages are plain futures. */
	@Override
	public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
		return new CompletableFuture<>();
	}

}
