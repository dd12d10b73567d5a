package io.vimap.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import org.jspecify.annotations.Nullable;

/**
 * The tasks of one source (all submits of a pool, or one imap) that wait for a worker.
 * Guarded by the dispatcher's lock.
 */
final class TaskQueue {

	/** How many elements go to one worker together. */
	final int chunk;

	/** In order. Some have been removed, and don't count. */
	private final ArrayDeque<Task> tasks = new ArrayDeque<>();

	/**
	 * How many have been removed: to look for each would take as long as the queue is.
	 */
	private int removed;

	private long lastChunk;

	TaskQueue(int chunk) {
		this.chunk = chunk;
	}

	int size() {
		return this.tasks.size() - this.removed;
	}

	void add(Task task) {
		task.waiting = true;
		this.tasks.addLast(task);
	}

	/** Puts a task that was on its way back to where it came from. */
	void putBack(Task task) {
		task.waiting = true;
		this.tasks.addFirst(task);
	}

	/** Numbers the chunk that is added next; 0 if elements go one by one. */
	long nextChunk() {
		return (this.chunk > 1) ? ++this.lastChunk : 0;
	}

	/** Whether the next task is of the same chunk as this one. */
	boolean continues(Task task) {
		Task next = peek();
		return next != null && task.chunk != 0 && next.chunk == task.chunk;
	}

	private @Nullable Task peek() {
		Task next;
		while ((next = this.tasks.peekFirst()) != null && !next.waiting) {
			this.tasks.removeFirst();
			this.removed--;
		}
		return next;
	}

	@Nullable Task poll() {
		Task next = peek();
		if (next != null) {
			this.tasks.removeFirst();
			next.waiting = false;
		}
		return next;
	}

	boolean remove(Task task) {
		if (!task.waiting) {
			return false;
		}
		task.waiting = false;
		this.removed++;
		if (this.removed > this.tasks.size() / 2) {
			this.tasks.removeIf((each) -> !each.waiting);
			this.removed = 0;
		}
		return true;
	}

	List<Task> clear() {
		List<Task> all = new ArrayList<>(size());
		Task next;
		while ((next = poll()) != null) {
			all.add(next);
		}
		return all;
	}

	/**
	 * All queues of a pool that are not empty, in turn. Guarded by the dispatcher's lock.
	 */
	static final class RoundRobin {

		/** How many tasks one source gets before the next one has its turn. */
		private static final int QUANTUM = 16;

		private final Queue<TaskQueue> turns = new ArrayDeque<>();

		private long size;

		long size() {
			return this.size;
		}

		void add(Task task) {
			notEmpty(task.queue);
			task.queue.add(task);
			this.size++;
		}

		void putBack(Task task) {
			notEmpty(task.queue);
			task.queue.putBack(task);
			this.size++;
		}

		private void notEmpty(TaskQueue queue) {
			if (queue.size() == 0) {
				this.turns.add(queue);
			}
		}

		/**
		 * Takes tasks, a turn from each source.
		 * @param wanted how many at most, except that a chunk is not divided
		 * @param batch receives them
		 */
		void take(int wanted, List<Task> batch) {
			while (batch.size() < wanted && this.size > 0) {
				TaskQueue queue = this.turns.remove();
				int turn = Math.min(QUANTUM, wanted - batch.size());
				Task task = null;
				while ((turn-- > 0 || task != null && queue.continues(task)) && (task = queue.poll()) != null) {
					batch.add(task);
					this.size--;
				}
				if (queue.size() > 0) {
					this.turns.add(queue);
				}
			}
		}

		boolean remove(Task task) {
			if (!task.queue.remove(task)) {
				return false;
			}
			this.size--;
			if (task.queue.size() == 0) {
				this.turns.remove(task.queue);
			}
			return true;
		}

		List<Task> clear(TaskQueue queue) {
			List<Task> removed = queue.clear();
			this.size -= removed.size();
			this.turns.remove(queue);
			return removed;
		}

		List<Task> clear() {
			List<Task> removed = new ArrayList<>();
			for (TaskQueue queue : List.copyOf(this.turns)) {
				removed.addAll(clear(queue));
			}
			return removed;
		}

	}

}
