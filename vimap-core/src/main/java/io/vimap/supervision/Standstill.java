package io.vimap.supervision;

import java.util.concurrent.TimeUnit;

/**
 * What a deadline is worth when this process has not run for a while: it was stopped by a
 * signal or a debugger, its container was paused, or its garbage collector took long.
 * What others have said in time is still unread then, and they may have been stopped as
 * well.
 */
public final class Standstill {

	/** No alarm rings so late while this process runs. */
	private static final long NOTICED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private Standstill() {
	}

	/**
	 * Returns how much longer somebody has for something, once, because this process has
	 * not looked in time. Any thread.
	 * @param lateNanos how long the time is over, as it is seen only now
	 * @param limitNanos how long the time was
	 * @return nanoseconds from now, 0 if it has been looked in time
	 */
	public static long extraNanos(long lateNanos, long limitNanos) {
		return (lateNanos > NOTICED_NANOS) ? Math.min(lateNanos, limitNanos) : 0;
	}

}
