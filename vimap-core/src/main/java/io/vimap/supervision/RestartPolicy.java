package io.vimap.supervision;

import java.time.Duration;
import java.util.Deque;

import io.vimap.pool.PoolOptions;

/**
 * When an ended worker is started again, and when the pool gives up. Pure: it is told the
 * time. Intensity and period are those of an Erlang/OTP supervisor; the pause between
 * restarts doubles as systemd's does.
 *
 * @param intensity how many unplanned restarts are allowed within the period
 * @param period the period
 * @param backoff the pause before a seat's second restart in a row
 * @param maxBackoff the longest pause
 */
record RestartPolicy(int intensity, Duration period, Duration backoff, Duration maxBackoff) {

	static final long GIVE_UP = -1;

	/** Nobody waits for a successor: a worker holds its seat. */
	private static final long SUCCESSOR_PAUSE = Duration.ofSeconds(1).toNanos();

	static RestartPolicy of(PoolOptions options) {
		return new RestartPolicy(options.restartIntensity(), options.restartPeriod(), options.restartBackoff(),
				options.restartMaxBackoff());
	}

	/**
	 * Decides about one unplanned end. Restarts are outdated after the period, but none
	 * since a worker was ready: if each start fails after a minute, a limit for half of
	 * one would never be reached, and callers would wait for ever.
	 * @param restarts when the pool's earlier unplanned restarts were decided, oldest
	 * first; this one is added, outdated ones are removed
	 * @param inARow how many unplanned ends this seat has had in a row, this one included
	 * @param now the time
	 * @param readyAt when a worker of the pool was last ready
	 * @return how long to wait before the restart, or {@link #GIVE_UP}
	 */
	long afterFailure(Deque<Long> restarts, int inARow, long now, long readyAt) {
		restarts.addLast(now);
		while (now - restarts.getFirst() > this.period.toNanos() && readyAt - restarts.getFirst() > 0) {
			restarts.removeFirst();
		}
		if (restarts.size() > this.intensity) {
			return GIVE_UP;
		}
		return pause(inARow);
	}

	/**
	 * Decides about a successor that could not start while the worker that it was to
	 * replace works on. The pool has lost nothing and does not fail for it.
	 * @param inARow how many successors of a worker have failed in a row, this one
	 * included
	 * @return how long to wait before the next one
	 */
	long afterFailedSuccessor(int inARow) {
		return Math.max(pause(inARow), SUCCESSOR_PAUSE);
	}

	/** How long to wait before a seat's next restart in a row. */
	private long pause(int inARow) {
		if (inARow <= 1 || this.backoff.isZero()) {
			return 0;
		}
		int doublings = Math.min(inARow - 2, 30);
		long nanos = this.backoff.toNanos();
		long most = this.maxBackoff.toNanos();
		return (nanos > most >> doublings) ? most : nanos << doublings;
	}

	/**
	 * Says whether the end of a worker would not be followed by a pause.
	 * @param earlier how many unplanned ends its seat has had in a row before
	 * @param uptimeNanos how long it lived, 0 if it never was ready
	 * @return whether its seat may be filled at once
	 */
	boolean isAtOnce(int earlier, long uptimeNanos) {
		return wasHealthy(uptimeNanos) || pause(earlier + 1) == 0;
	}

	/**
	 * Says whether a worker has lived long enough to count as healthy.
	 * @param uptimeNanos how long it lived, 0 if it never was ready
	 * @return whether its end begins a new row
	 */
	boolean wasHealthy(long uptimeNanos) {
		return uptimeNanos >= this.period.toNanos();
	}

	/**
	 * Describes the limit that has been passed.
	 * @param restarts when the restarts beyond it were decided, oldest first
	 */
	String describe(Deque<Long> restarts) {
		boolean withinPeriod = restarts.getLast() - restarts.getFirst() <= this.period.toNanos();
		return "more than " + this.intensity + " unplanned restarts (restart.intensity) " + (withinPeriod
				? "within " + this.period.toMillis() + " ms (restart.period)" : "while no worker was ready");
	}

}
