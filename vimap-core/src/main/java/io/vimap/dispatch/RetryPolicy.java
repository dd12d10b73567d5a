package io.vimap.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.RetryCause;
import io.vimap.pool.TaskLocation;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;

/**
 * Judges a failed attempt at a task: is it tried again, or has it failed? The attempts
 * are counted in the task. The dispatcher's lock is held.
 */
final class RetryPolicy {

	private final PoolOptions options;

	RetryPolicy(PoolOptions options) {
		this.options = options;
	}

	/**
	 * The task ran into its time limit.
	 * @param task the task
	 * @param where the worker that ran it
	 * @param elapsedNanos how long it ran
	 * @param stack where it was at its deadline, empty if the worker did not say
	 * @param end how the worker ended over it, empty if it lives
	 * @return whether it is tried again; otherwise it has its failure
	 */
	boolean triesAgainAfterTimeout(Task task, TaskLocation where, long elapsedNanos, String stack, String end) {
		Duration limit = Duration.ofNanos(task.owner.timeoutNanos());
		Duration elapsed = Duration.ofNanos(elapsedNanos);
		String detail = "ran " + elapsed.toMillis() + " ms" + (end.isEmpty() ? "" : ", then killed: " + end);
		Attempt attempt = new Attempt(where.worker(), where.pid(), ExitReason.TASK_TIMEOUT, detail, Instant.now());
		return judge(task, RetryCause.TIMEOUT, attempt, (attempts) -> new TaskTimeoutException(where,
				task.owner.timeoutProperty(), limit, elapsed, stack, attempts));
	}

	/**
	 * The worker ended while it ran the task.
	 * @param task the task
	 * @param where the worker that ran it
	 * @param exit how it ended
	 * @return whether the task is tried again; otherwise it has its failure
	 */
	boolean triesAgainAfterCrash(Task task, TaskLocation where, WorkerExit exit) {
		Attempt attempt = new Attempt(where.worker(), where.pid(), exit.reason(), exit.status(), exit.when());
		return judge(task, RetryCause.CRASH, attempt, (attempts) -> new WorkerCrashedException(where, exit, attempts));
	}

	private boolean judge(Task task, RetryCause cause, Attempt attempt, Function<List<Attempt>, Throwable> failure) {
		List<Attempt> attempts = task.failedAttempt(attempt);
		if (attempts.size() < this.options.retryMaxAttempts() && this.options.retryOn().contains(cause)
				&& !task.owner.abandoned()) {
			return true;
		}
		task.fail((cause == RetryCause.CRASH) ? TaskOutcome.CRASH : TaskOutcome.TIMEOUT, () -> failure.apply(attempts));
		return false;
	}

}
