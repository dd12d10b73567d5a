package io.vimap.pool;

import java.io.Serializable;

/**
 * Which task an exception belongs to and where it ran.
 *
 * @param pool the pool's name
 * @param worker the seat of the worker, −1 if the task never reached one
 * @param pid the worker's process id, −1 if the task never reached one
 * @param task the task's id, unique within the pool
 */
public record TaskLocation(String pool, int worker, long pid, long task) implements Serializable {

	@Override
	public String toString() {
		return (this.worker < 0) ? "task " + this.task + " of pool '" + this.pool + "'" : "task " + this.task
				+ " of pool '" + this.pool + "' in worker " + this.worker + " (pid " + this.pid + ")";
	}

}
