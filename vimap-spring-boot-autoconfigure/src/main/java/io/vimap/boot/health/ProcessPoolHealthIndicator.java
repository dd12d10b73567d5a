package io.vimap.boot.health;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerExit;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} for one pool: {@code UP} while at least one worker takes tasks,
 * {@code OUT_OF_SERVICE} while it is paused or being stopped, {@code DOWN} if it has
 * failed, is stopped or has no worker that is ready, {@code UNKNOWN} if it has never been
 * started.
 */
public class ProcessPoolHealthIndicator extends AbstractHealthIndicator {

	private final ProcessPool<?, ?> pool;

	/**
	 * Creates an indicator.
	 * @param pool the pool to ask
	 */
	public ProcessPoolHealthIndicator(ProcessPool<?, ?> pool) {
		super("Process pool health check failed");
		this.pool = pool;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		PoolStats stats = this.pool.stats();
		if (stats == null) {
			// A mock that stands for the pool in a test.
			builder.unknown();
			return;
		}
		builder.status(status(stats));
		builder.withDetail("state", stats.state());
		builder.withDetail("size", stats.size());
		builder.withDetail("ready", stats.ready());
		builder.withDetail("queueDepth", stats.queueDepth());
		builder.withDetail("restarts", stats.restarts().values().stream().mapToLong(Long::longValue).sum());
		List<WorkerExit> exits = stats.exits();
		if (!exits.isEmpty()) {
			builder.withDetail("lastExit", describe(exits.get(exits.size() - 1)));
		}
	}

	private static Status status(PoolStats stats) {
		PoolState state = stats.state();
		if (state == PoolState.NEW) {
			return Status.UNKNOWN;
		}
		if (state == PoolState.FAILED || state == PoolState.TERMINATED) {
			return Status.DOWN;
		}
		if (stats.paused() || state == PoolState.STOPPING) {
			return Status.OUT_OF_SERVICE;
		}
		return (stats.ready() > 0) ? Status.UP : Status.DOWN;
	}

	private static Map<String, Object> describe(WorkerExit exit) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("worker", exit.index());
		details.put("pid", exit.pid());
		details.put("reason", exit.reason());
		details.put("status", exit.status());
		details.put("when", exit.when().truncatedTo(ChronoUnit.MILLIS));
		return details;
	}

}
