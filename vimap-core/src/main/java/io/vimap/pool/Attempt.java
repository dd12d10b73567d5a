package io.vimap.pool;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * One failed attempt at a task.
 *
 * @param worker the seat of the worker that had begun the task
 * @param pid its process id
 * @param reason how the attempt ended
 * @param detail how in words, such as {@code signal SIGSEGV (11)}
 * @param when when it ended
 */
public record Attempt(int worker, long pid, ExitReason reason, String detail, Instant when) implements Serializable {

	/**
	 * Adds all attempts at a task to the message about its failure, which tells of the
	 * last one already.
	 * @param attempts the attempts
	 * @param text the message
	 */
	static void describe(List<Attempt> attempts, StringBuilder text) {
		if (attempts.size() > 1) {
			text.append("\n  attempts:");
			attempts.forEach((attempt) -> text.append("\n    ").append(attempt));
		}
	}

	@Override
	public String toString() {
		return this.reason + " (" + this.detail + ") in worker " + this.worker + ", pid " + this.pid + ", at "
				+ this.when;
	}

}
