package io.vimap.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

import io.vimap.pool.PoolOptions;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that one worker holds, given to it and not answered, oldest first, and how
 * many it may hold. The first is the one it runs. Guarded by the dispatcher's lock.
 */
final class TaskWindow {

	private final @Nullable Integer prefetch;

	private final Deque<Task> held = new ArrayDeque<>();

	private final ServiceTime serviceTime = new ServiceTime();

	private final TaskBudget budget;

	private int size;

	private long lastNumber;

	TaskWindow(PoolOptions options) {
		this.prefetch = options.prefetch();
		this.budget = new TaskBudget(options);
		this.size = 1 + ((this.prefetch != null) ? this.prefetch : this.serviceTime.prefetch());
	}

	/** How many tasks the worker may hold. */
	int size() {
		return this.size;
	}

	/** How many it holds. */
	int held() {
		return this.held.size();
	}

	/** Whether tasks take so little time that those held are done at once. */
	boolean isQuick() {
		return this.serviceTime.isQuick();
	}

	/** Whether a task that has run for so long takes much longer than others do. */
	boolean isStraggler(long nanos) {
		return this.serviceTime.isStraggler(nanos);
	}

	boolean isEmpty() {
		return this.held.isEmpty();
	}

	/** How many more it may get. */
	int room() {
		return (int) Math.min(this.size - this.held.size(), this.budget.left());
	}

	@Nullable Task first() {
		return this.held.peekFirst();
	}

	@Nullable Task last() {
		return this.held.peekLast();
	}

	boolean holds(Task task) {
		return this.held.contains(task);
	}

	/** The task that was sent under this number, if it is still held. */
	@Nullable Task ofNumber(long number) {
		for (Task task : this.held) {
			if (task.number == number) {
				return task;
			}
		}
		return null;
	}

	/** Whether there is one behind the first that does not belong to the same chunk. */
	boolean isDivisible() {
		Iterator<Task> tasks = this.held.iterator();
		if (!tasks.hasNext()) {
			return false;
		}
		long running = tasks.next().chunk;
		return tasks.hasNext() && (running == 0 || tasks.next().chunk != running);
	}

	/** Whether one behind the first belongs to this owner. */
	boolean holdsUnbegunOf(TaskOwner owner) {
		Iterator<Task> tasks = this.held.iterator();
		if (tasks.hasNext()) {
			tasks.next();
		}
		while (tasks.hasNext()) {
			if (tasks.next().owner == owner) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Takes tasks in, for which there is room, and gives them numbers.
	 * @param given the tasks
	 * @return whether the worker's successor should be prepared; only once
	 */
	boolean add(List<Task> given) {
		for (Task task : given) {
			task.number = ++this.lastNumber;
			this.held.addLast(task);
		}
		return this.budget.use(given.size());
	}

	/** There is no limit any more to how many tasks the worker may get in its life. */
	void workOn() {
		this.budget.lift();
	}

	/** The first has been answered. */
	void removeFirst() {
		this.held.removeFirst();
	}

	/** Takes the last one back, which has not begun. */
	Task giveBackLast() {
		this.budget.giveBack(1);
		return this.held.removeLast();
	}

	/** Takes back one that could not be sent; returns whether it was held. */
	boolean withdraw(Task task) {
		boolean wasHeld = this.held.remove(task);
		if (wasHeld) {
			this.budget.giveBack(1);
		}
		return wasHeld;
	}

	/** Takes the last one from a dead worker, if it holds any. */
	@Nullable Task pollLast() {
		return this.held.pollLast();
	}

	/**
	 * Learns how long tasks take, and how large they are.
	 * @param tasks how many were answered
	 * @param nanos how long they ran, together
	 * @param bytes the bytes of their inputs and outputs
	 * @return by how much the window has grown
	 */
	int adapt(int tasks, long nanos, long bytes) {
		this.serviceTime.add(tasks, nanos, bytes);
		int before = this.size;
		if (this.prefetch == null) {
			this.size = 1 + this.serviceTime.prefetch();
		}
		return this.size - before;
	}

}
