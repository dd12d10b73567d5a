package io.vimap.dispatch;

import java.util.List;

import io.vimap.pool.Attempt;
import io.vimap.pool.PoolListener;

/**
 * Tells the pool's listeners what becomes of tasks, once the lock has been released. This
 * is on the way of each task: the clock is read once for all that end in the same turn.
 */
final class TaskNews {

	private final String pool;

	private final List<PoolListener> listeners;

	private final Scheduler scheduler;

	/** Without listeners nothing is done for them. */
	private final boolean heard;

	TaskNews(String pool, List<PoolListener> listeners, Scheduler scheduler) {
		this.pool = pool;
		this.listeners = listeners;
		this.scheduler = scheduler;
		this.heard = !listeners.isEmpty();
	}

	/** The dispatcher's lock is held. */
	void finished(Task task, Turn turn) {
		if (this.heard) {
			List<Task> finished = turn.finished();
			finished.add(task);
			if (finished.size() == 1) {
				long now = this.scheduler.nanoTime();
				turn.afterwards(() -> finished(finished, now));
			}
		}
	}

	private void finished(List<Task> tasks, long now) {
		for (PoolListener listener : this.listeners) {
			for (Task task : tasks) {
				long ran = task.ranNanos;
				long waited = now - task.acceptedAt - task.lostNanos - ran;
				listener.onTask(this.pool, task.outcome, Math.max(0, waited), ran);
			}
		}
	}

	/** The dispatcher's lock is held. */
	void retried(Task task, Turn turn) {
		if (this.heard && task.attempts != null) {
			long id = task.id;
			Attempt attempt = task.attempts.get(task.attempts.size() - 1);
			turn.afterwards(() -> this.listeners.forEach((listener) -> listener.onRetry(this.pool, id, attempt)));
		}
	}

}
