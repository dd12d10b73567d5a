package io.vimap.boot.batch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.vimap.pool.ProcessPool;

import org.springframework.batch.core.scope.context.StepContext;
import org.springframework.batch.core.scope.context.StepSynchronizationManager;

/**
 * The tasks of one execution of a step that have not ended. Those that are left when it
 * ends are cancelled: it has failed, and they would compete with its restart for the
 * pool. The end of a chunk is too early for this, because a fault-tolerant step writes
 * the items of a failed chunk again, one by one.
 * <p>
 * They are kept in the context of the step and not in a processor, which several steps
 * and partitions may share.
 */
final class StepTasks {

	private static final String NAME = StepTasks.class.getName();

	/** In the order of their submission. Guarded by "this". */
	private final Deque<Future<?>> tasks = new ArrayDeque<>();

	private StepTasks() {
	}

	/**
	 * Hands an item to a pool, as a task of the current step if there is one.
	 * @param <I> the type of an item
	 * @param <O> the type of a processed item
	 * @param pool the pool
	 * @param item the item
	 * @return the task
	 */
	static <I, O> CompletableFuture<O> submit(ProcessPool<I, O> pool, I item) {
		StepContext context = StepSynchronizationManager.getContext();
		if (context == null) {
			return pool.submit(item);
		}
		if (hasEnded(context)) {
			// The threads of a step's executor may still have items when it has failed.
			throw new ItemNotProcessedError("step '" + context.getStepName() + "' has ended");
		}
		StepTasks step = of(context);
		CompletableFuture<O> task = pool.submit(item);
		step.add(task);
		if (hasEnded(context)) {
			// Perhaps it was added after the others had been cancelled.
			task.cancel(true);
		}
		return task;
	}

	private static boolean hasEnded(StepContext context) {
		return context.getStepExecution().getEndTime() != null;
	}

	private static StepTasks of(StepContext context) {
		synchronized (context) {
			if (context.getAttribute(NAME) instanceof StepTasks step) {
				return step;
			}
			StepTasks step = new StepTasks();
			context.setAttribute(NAME, step);
			context.registerDestructionCallback(NAME, step::cancel);
			return step;
		}
	}

	/** Forgets those that have ended, so that at most a chunk or so is kept. */
	private synchronized void add(Future<?> task) {
		while (!this.tasks.isEmpty() && this.tasks.getFirst().isDone()) {
			this.tasks.removeFirst();
		}
		this.tasks.addLast(task);
	}

	/** The last one first: a worker would begin what waits behind the task it runs. */
	private void cancel() {
		List<Future<?>> left;
		synchronized (this) {
			left = new ArrayList<>(this.tasks);
		}
		Collections.reverse(left);
		left.forEach((task) -> task.cancel(true));
	}

}
