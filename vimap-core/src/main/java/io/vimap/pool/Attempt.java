package io.vimap.pool;

import java.io.Serializable;
import java.time.Instant;

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

	@Override
	public String toString() {
		return this.reason + " (" + this.detail + ") in worker " + this.worker + ", pid " + this.pid + ", at "
				+ this.when;
	}

}
