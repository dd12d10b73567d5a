package io.vimap.dispatch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The future of one submitted task. Stages that depend on it never run on a pool's
 * thread: if there are any, it is completed by one of {@link Callbacks}. A caller that
 * waits in {@code get} or {@code join} is woken by the reader thread itself, which is the
 * shortest way back.
 *
 * @param <O> the type of the output
 */
final class TaskFuture<O extends @Nullable Object> extends CompletableFuture<O> implements TaskOwner {

	private final TaskDispatcher dispatcher;

	/**
	 * The thread of the first caller that waits; others wait as in any future. When the
	 * thread has been woken, the {@link WakeUps} it has to go on with.
	 */
	private final AtomicReference<@Nullable Object> waiter = new AtomicReference<>();

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
		turn.afterwards(() -> deliver(finished, turn));
	}

	private void deliver(Task finished, Turn turn) {
		if (getNumberOfDependents() == 0) {
			finish(finished);
			if (this.waiter.get() != null) {
				turn.wakes(this);
			}
		}
		else {
			Callbacks.run(() -> {
				finish(finished);
				wake(null);
			});
		}
	}

	@SuppressWarnings("unchecked")
	private void finish(Task finished) {
		Throwable failure = finished.failure();
		if (failure != null) {
			super.completeExceptionally(failure);
		}
		else {
			super.complete((O) finished.output);
		}
	}

	/**
	 * Wakes the caller that waits.
	 * @param duty what it then has to go on with, {@code null} for nothing
	 * @return whether there was a caller, and it will do that
	 */
	boolean wake(@Nullable WakeUps duty) {
		if (!(this.waiter.get() instanceof Thread thread)) {
			return false;
		}
		boolean takesDuty = !VirtualThreads.includes(thread) && this.waiter.compareAndSet(thread, duty);
		LockSupport.unpark(thread);
		return takesDuty;
	}

	// Completed by others than the pool: the caller that waits is to hear of it, too, and
	// nobody wants the output any more

	@Override
	public boolean complete(O value) {
		return ended(super.complete(value), false);
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		return ended(super.completeExceptionally(ex), false);
	}

	@Override
	public CompletableFuture<O> completeAsync(Supplier<? extends O> supplier, Executor executor) {
		super.completeAsync(supplier, (action) -> executor.execute(() -> {
			action.run();
			ended(true, false);
		}));
		return this;
	}

	@Override
	public void obtrudeValue(O value) {
		super.obtrudeValue(value);
		ended(true, false);
	}

	@Override
	public void obtrudeException(Throwable ex) {
		super.obtrudeException(ex);
		ended(true, false);
	}

	@Override
	public O get() throws InterruptedException, ExecutionException {
		refuseOwnThread();
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
		refuseOwnThread();
		awaitDone(0);
		return super.join();
	}

	/** A wait with a time limit ends by itself. */
	private void refuseOwnThread() {
		if (!isDone()) {
			this.dispatcher.refuseOwnThread();
		}
	}

	/** Waits, but leaves all judgement (interrupts, time, outcome) to the superclass. */
	private void awaitDone(long nanos) {
		// A callback that waits makes room for others when it does so in the superclass.
		if (isDone() || Callbacks.isCurrent() || !this.waiter.compareAndSet(null, Thread.currentThread())) {
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
			if (this.waiter.getAndSet(null) instanceof WakeUps duty) {
				duty.wakeNext();
			}
		}
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		return ended(super.cancel(mayInterruptIfRunning), mayInterruptIfRunning);
	}

	private boolean ended(boolean byOthers, boolean interrupt) {
		if (byOthers) {
			wake(null);
			Task mine = this.task;
			if (mine != null) {
				this.dispatcher.takeBack(mine, this, interrupt);
			}
		}
		return byOthers;
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
