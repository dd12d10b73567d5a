package io.vimap.dispatch;

import java.util.List;

import io.vimap.pool.Attempt;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the pool's listeners what becomes of tasks, once the lock has been released. This
 * is on the way of each task: the clock is read once for all that end in the same turn.
 */
final class TaskNews {

	private static final Logger logger = LoggerFactory.getLogger(TaskNews.class);

	private final PoolOptions options;

	private final Scheduler scheduler;

	/** Without listeners nothing is done for them. */
	private final boolean heard;

	TaskNews(PoolOptions options, Scheduler scheduler) {
		this.options = options;
		this.scheduler = scheduler;
		this.heard = !options.listeners().isEmpty();
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
		String pool = this.options.name();
		for (PoolListener listener : this.options.listeners()) {
			for (Task task : tasks) {
				long ran = task.ranNanos;
				long waited = now - task.acceptedAt - task.lostNanos - ran;
				try {
					listener.onTask(pool, task.outcome, Math.max(0, waited), ran);
				}
				catch (Throwable ex) {
					listenerFailed(ex);
				}
			}
		}
	}

	/** The dispatcher's lock is held. */
	void retried(Task task, Turn turn) {
		if (this.heard && task.attempts != null) {
			long id = task.id;
			Attempt attempt = task.attempts.get(task.attempts.size() - 1);
			turn.afterwards(() -> retried(id, attempt));
		}
	}

	private void retried(long id, Attempt attempt) {
		for (PoolListener listener : this.options.listeners()) {
			try {
				listener.onRetry(this.options.name(), id, attempt);
			}
			catch (Throwable ex) {
				listenerFailed(ex);
			}
		}
	}

	private void listenerFailed(Throwable problem) {
		logger.warn("A listener of pool '{}' failed", this.options.name(), problem);
	}

}
