package io.vimap.boot;

import java.util.HashMap;
import java.util.Map;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolStats;

/**
 * What the engines of a pool have counted before the present one, so that counters never
 * fall when the pool is started again.
 */
record StatsTotals(long succeeded, long failed, long retries, Map<ExitReason, Long> restarts, long bytesSent,
		long bytesReceived) {

	static final StatsTotals NONE = new StatsTotals(0, 0, 0, Map.of(), 0, 0);

	StatsTotals plus(PoolStats stats) {
		PoolStats sum = addTo(stats);
		return new StatsTotals(sum.succeeded(), sum.failed(), sum.retries(), sum.restarts(), sum.bytesSent(),
				sum.bytesReceived());
	}

	PoolStats addTo(PoolStats stats) {
		if (this == NONE) {
			return stats;
		}
		Map<ExitReason, Long> allRestarts = new HashMap<>(this.restarts);
		stats.restarts().forEach((reason, count) -> allRestarts.merge(reason, count, Long::sum));
		return new PoolStats(stats.pool(), stats.state(), stats.paused(), stats.size(), stats.ready(), stats.spares(),
				stats.queueDepth(), stats.inFlight(), this.succeeded + stats.succeeded(), this.failed + stats.failed(),
				this.retries + stats.retries(), allRestarts, this.bytesSent + stats.bytesSent(),
				this.bytesReceived + stats.bytesReceived(), stats.workers(), stats.exits());
	}

}
