package io.vimap.boot.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vimap.pool.TaskOutcome;

/**
 * The timers of one pool, looked up once: recording a task allocates nothing.
 */
final class PoolTimers {

	private final Map<TaskOutcome, Timer> tasks = new EnumMap<>(TaskOutcome.class);

	private final Timer waits;

	private final Timer starts;

	PoolTimers(String pool, MeterRegistry registry) {
		for (TaskOutcome outcome : TaskOutcome.values()) {
			this.tasks.put(outcome,
					Timer.builder("vimap.task")
						.description("Time tasks ran in a worker")
						.tags("pool", pool, "outcome", outcome.name())
						.register(registry));
		}
		this.waits = Timer.builder("vimap.task.wait")
			.description("Time tasks waited until a worker began them")
			.tag("pool", pool)
			.register(registry);
		this.starts = Timer.builder("vimap.worker.start")
			.description("Time from the launch of a worker process until it was ready")
			.tag("pool", pool)
			.register(registry);
	}

	void task(TaskOutcome outcome, long waitNanos, long runNanos) {
		Objects.requireNonNull(this.tasks.get(outcome)).record(runNanos, TimeUnit.NANOSECONDS);
		this.waits.record(waitNanos, TimeUnit.NANOSECONDS);
	}

	void start(Duration startTime) {
		this.starts.record(startTime);
	}

}
