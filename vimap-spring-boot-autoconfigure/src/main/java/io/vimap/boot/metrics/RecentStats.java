package io.vimap.boot.metrics;

import java.time.Duration;

import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of a pool that may be a little old. A scrape reads some twenty meters of
 * each pool one after the other, and taking statistics asks the operating system about
 * every process.
 */
final class RecentStats {

	private static final long MAX_AGE = Duration.ofMillis(100).toNanos();

	private volatile @Nullable Taken last;

	/** The pool is not kept: meters must not keep it alive. */
	PoolStats get(ProcessPool<?, ?> pool) {
		Taken taken = this.last;
		long now = System.nanoTime();
		if (taken == null || now - taken.nanos() > MAX_AGE) {
			taken = new Taken(pool.stats(), now);
			this.last = taken;
		}
		return taken.stats();
	}

	private record Taken(PoolStats stats, long nanos) {
	}

}
