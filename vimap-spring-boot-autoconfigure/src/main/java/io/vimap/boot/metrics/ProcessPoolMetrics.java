package io.vimap.boot.metrics;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;

/**
 * {@link MeterBinder} for what a pool knows about itself: its size, its workers, its
 * queue, its counters. Reads the pool's statistics when a meter is read and costs nothing
 * in between. A pool need not have been started.
 */
public class ProcessPoolMetrics implements MeterBinder {

	private final String name;

	private final RecentStats stats;

	/** Seats by the registry that has a gauge for them. */
	private final Map<MeterRegistry, Set<Integer>> seats = new ConcurrentHashMap<>();

	/**
	 * Creates a binder.
	 * @param name the pool's name, the value of the tag {@code pool}
	 * @param pool the pool
	 */
	public ProcessPoolMetrics(String name, ProcessPool<?, ?> pool) {
		this.name = name;
		this.stats = new RecentStats(pool);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		gauge(registry, "vimap.pool.size", "Processes the pool should have", PoolStats::size);
		gauge(registry, "vimap.pool.queue.depth", "Tasks that wait for a worker", PoolStats::queueDepth);
		gauge(registry, "vimap.pool.inflight", "Tasks sent to workers and not yet answered", PoolStats::inFlight);
		for (WorkerState state : WorkerState.values()) {
			if (state != WorkerState.EXITED) {
				bindState(registry, state);
			}
		}
		for (ExitReason reason : ExitReason.values()) {
			if (reason != ExitReason.REQUESTED) {
				counter(registry, "vimap.worker.restarts", "Ended workers that were replaced",
						Tags.of("reason", reason.name()), (stats) -> stats.restarts().getOrDefault(reason, 0L));
			}
		}
		counter(registry, "vimap.task.retries", "Tasks that were begun again", Tags.empty(), PoolStats::retries);
		bindBytes(registry, "sent", PoolStats::bytesSent);
		bindBytes(registry, "received", PoolStats::bytesReceived);
		int size = this.stats.get().size();
		for (int worker = 0; worker < size; worker++) {
			bindSeat(registry, worker);
		}
	}

	/**
	 * Adds the gauge of a worker whose seat was not there when this was bound.
	 * @param worker the seat
	 */
	void addSeat(int worker) {
		this.seats.keySet().forEach((registry) -> bindSeat(registry, worker));
	}

	private void bindSeat(MeterRegistry registry, int worker) {
		if (this.seats.computeIfAbsent(registry, (key) -> ConcurrentHashMap.newKeySet()).add(worker)) {
			Gauge.builder("vimap.worker.rss", this.stats, (stats) -> rss(stats.get(), worker))
				.description("Resident memory of the worker process")
				.baseUnit(BaseUnits.BYTES)
				.tags("pool", this.name, "worker", Integer.toString(worker))
				.register(registry);
		}
	}

	private static double rss(PoolStats stats, int worker) {
		for (WorkerInfo info : stats.workers()) {
			if (info.index() == worker && info.rss() >= 0) {
				return info.rss();
			}
		}
		return Double.NaN;
	}

	private void bindState(MeterRegistry registry, WorkerState state) {
		Gauge
			.builder("vimap.pool.workers", this.stats,
					(stats) -> stats.get().workers().stream().filter((worker) -> worker.state() == state).count())
			.description("Worker processes by state")
			.tags("pool", this.name, "state", state.name())
			.register(registry);
	}

	private void bindBytes(MeterRegistry registry, String direction, ToDoubleFunction<PoolStats> value) {
		FunctionCounter.builder("vimap.bytes", this.stats, (stats) -> value.applyAsDouble(stats.get()))
			.description("Bytes of frames exchanged with workers")
			.baseUnit(BaseUnits.BYTES)
			.tags("pool", this.name, "direction", direction)
			.register(registry);
	}

	private void gauge(MeterRegistry registry, String meter, String description, ToDoubleFunction<PoolStats> value) {
		Gauge.builder(meter, this.stats, (stats) -> value.applyAsDouble(stats.get()))
			.description(description)
			.tag("pool", this.name)
			.register(registry);
	}

	private void counter(MeterRegistry registry, String meter, String description, Tags tags,
			ToDoubleFunction<PoolStats> value) {
		FunctionCounter.builder(meter, this.stats, (stats) -> value.applyAsDouble(stats.get()))
			.description(description)
			.tags(tags.and("pool", this.name))
			.register(registry);
	}

}
