package io.vimap.boot.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vimap.boot.ProcessPools;
import io.vimap.pool.PoolListener;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;

/**
 * All meters of all pools: binds a {@link ProcessPoolMetrics} for each of them, and times
 * tasks and starts as it hears of them.
 */
public class ProcessPoolsMetrics implements MeterBinder, PoolListener, AutoCloseable {

	private final ProcessPools pools;

	private final MeterRegistry timerRegistry;

	private final Map<String, ProcessPoolMetrics> metrics = new ConcurrentHashMap<>();

	private final Map<String, PoolTimers> timers = new ConcurrentHashMap<>();

	/**
	 * Creates the meters.
	 * @param pools the pools
	 * @param timerRegistry where tasks and starts are timed
	 */
	public ProcessPoolsMetrics(ProcessPools pools, MeterRegistry timerRegistry) {
		this.pools = pools;
		this.timerRegistry = timerRegistry;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (String name : this.pools.names()) {
			ProcessPool<?, ?> pool = this.pools.get(name);
			// A mock that stands for the pool in a test has none.
			if (pool.stats() != null) {
				this.metrics.computeIfAbsent(name, (key) -> new ProcessPoolMetrics(key, pool)).bindTo(registry);
			}
		}
	}

	@Override
	public void onWorkerReady(String pool, int index, long pid, Duration startTime) {
		timers(pool).start(startTime);
		ProcessPoolMetrics poolMetrics = this.metrics.get(pool);
		if (poolMetrics != null && index >= 0) {
			poolMetrics.workerReady(index);
		}
	}

	@Override
	public void onWorkerExit(WorkerExit exit) {
		ProcessPoolMetrics poolMetrics = this.metrics.get(exit.pool());
		if (poolMetrics != null) {
			poolMetrics.workerExited();
		}
	}

	@Override
	public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
		timers(pool).task(outcome, waitNanos, runNanos);
	}

	/**
	 * Removes the meters that read the pools. The timers stay: they read nothing.
	 */
	@Override
	public void close() {
		this.metrics.values().forEach(ProcessPoolMetrics::close);
		this.metrics.clear();
	}

	private PoolTimers timers(String pool) {
		// Not computeIfAbsent alone: it takes a lock even where the entry is there, and
		// this is called for every task.
		PoolTimers present = this.timers.get(pool);
		return (present != null) ? present
				: this.timers.computeIfAbsent(pool, (name) -> new PoolTimers(name, this.timerRegistry));
	}

}
