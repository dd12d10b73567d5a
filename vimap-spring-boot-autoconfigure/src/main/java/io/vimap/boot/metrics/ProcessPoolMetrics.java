package io.vimap.boot.metrics;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * {@link MeterBinder} for what a pool knows about itself: its size, its workers, its
 * queue, its counters. Reads the pool's statistics when a meter is read and costs nothing
 * in between. A pool need not have been started. The meters live as long as the pool
 * does, whether or not anybody keeps this.
 * <p>
 * Contexts that share a registry may have pools of the same name: the meters are those of
 * the pool that came first, and when that is closed those of the next one.
 */
public class ProcessPoolMetrics implements MeterBinder, AutoCloseable {

	private final String name;

	private final ProcessPool<?, ?> pool;

	private final RecentStats stats = new RecentStats();

	/** Where this has meters, or will have those of its name. Any thread. */
	private final Set<MeterRegistry> bound = ConcurrentHashMap.newKeySet();

	/** What this has registered, by registry. Changed with this monitor held. */
	private final Map<MeterRegistry, Queue<Meter>> registered = new ConcurrentHashMap<>();

	/** Seats that have a gauge, by registry. */
	private final Map<MeterRegistry, Map<Integer, Gauge>> seats = new ConcurrentHashMap<>();

	/**
	 * Creates a binder.
	 * @param name the pool's name, the value of the tag {@code pool}
	 * @param pool the pool
	 */
	public ProcessPoolMetrics(String name, ProcessPool<?, ?> pool) {
		this.name = name;
		this.pool = pool;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.bound.add(registry);
		MeterClaims.claim(registry, this.name, this);
		register(registry);
	}

	private synchronized void register(MeterRegistry registry) {
		if (MeterClaims.first(registry, this.name) != this || this.registered.containsKey(registry)) {
			return;
		}
		gauge(registry, "vimap.pool.size", "Processes the pool should have", Tags.empty(), PoolStats::size);
		gauge(registry, "vimap.pool.queue.depth", "Tasks that wait for a worker", Tags.empty(), PoolStats::queueDepth);
		gauge(registry, "vimap.pool.inflight", "Tasks sent to workers and not yet answered", Tags.empty(),
				PoolStats::inFlight);
		for (WorkerState state : WorkerState.values()) {
			if (state != WorkerState.EXITED) {
				gauge(registry, "vimap.pool.workers", "Worker processes by state", Tags.of("state", state.name()),
						(stats) -> stats.workers().stream().filter((worker) -> worker.state() == state).count());
			}
		}
		for (ExitReason reason : ExitReason.values()) {
			if (reason != ExitReason.REQUESTED) {
				counter(registry, "vimap.worker.restarts", "Ended workers that were replaced",
						Tags.of("reason", reason.name()), null, (stats) -> stats.restarts().getOrDefault(reason, 0L));
			}
		}
		counter(registry, "vimap.task.retries", "Tasks that were begun again", Tags.empty(), null, PoolStats::retries);
		bindBytes(registry, "sent", PoolStats::bytesSent);
		bindBytes(registry, "received", PoolStats::bytesReceived);
		this.seats.putIfAbsent(registry, new ConcurrentHashMap<>());
		for (WorkerInfo worker : this.pool.stats().workers()) {
			if (hasKnownMemory(worker)) {
				addSeat(worker.index());
			}
		}
	}

	/**
	 * A worker is ready: adds the gauge of its seat if that has none, unless its memory
	 * can't be told, as in a serial pool.
	 * @param worker the seat
	 */
	void workerReady(int worker) {
		PoolStats now = this.pool.stats();
		List<WorkerInfo> here = now.workers().stream().filter((info) -> info.index() == worker).toList();
		if (here.isEmpty() || here.stream().anyMatch(ProcessPoolMetrics::hasKnownMemory)) {
			addSeat(worker);
		}
		removeSeats(now, worker);
	}

	/**
	 * A worker has ended: removes the gauges of seats that are no more, be it that the
	 * pool was made smaller or that it was started again with fewer.
	 */
	void workerExited() {
		removeSeats(this.pool.stats(), -1);
	}

	private void addSeat(int worker) {
		this.seats.forEach((registry, gauges) -> gauges.computeIfAbsent(worker, (seat) -> bindSeat(registry, seat)));
	}

	private void removeSeats(PoolStats now, int known) {
		// The one whose end is told of may still be listed.
		int last = now.workers()
			.stream()
			.filter((worker) -> worker.state() != WorkerState.EXITED)
			.mapToInt(WorkerInfo::index)
			.reduce(known, Math::max);
		int size = Math.max(last + 1, now.size());
		this.seats.forEach((registry, gauges) -> gauges.forEach((seat, gauge) -> {
			if (seat >= size && gauges.remove(seat, gauge)) {
				registry.remove(gauge);
			}
		}));
	}

	/**
	 * Removes the meters, so that in a registry that lives on there is room for those of
	 * the pool's successor.
	 */
	@Override
	public void close() {
		synchronized (this) {
			this.seats.forEach((registry, gauges) -> gauges.values().forEach(registry::remove));
			this.seats.clear();
			this.registered.forEach((registry, meters) -> meters.forEach(registry::remove));
			this.registered.clear();
			this.bound.forEach((registry) -> MeterClaims.release(registry, this.name, this));
		}
		// Not under this monitor: the next one takes its own.
		this.bound.forEach(this::registerNext);
		this.bound.clear();
	}

	private void registerNext(MeterRegistry registry) {
		ProcessPoolMetrics next = MeterClaims.first(registry, this.name);
		if (next != null) {
			next.register(registry);
		}
	}

	private Gauge bindSeat(MeterRegistry registry, int worker) {
		return Gauge.builder("vimap.worker.rss", this.pool, readsStats((stats) -> rss(stats, worker)))
			.description("Resident memory of the worker processes at a seat")
			.baseUnit(BaseUnits.BYTES)
			.tags(tags(Tags.of("worker", Integer.toString(worker))))
			.register(registry);
	}

	/**
	 * A seat has no process for a moment, or for long if the pool has failed; while one
	 * is recycled it has two. No number at all would make a sum of seats none, too.
	 */
	private static double rss(PoolStats stats, int worker) {
		return stats.workers()
			.stream()
			.filter((info) -> info.index() == worker && hasKnownMemory(info))
			.mapToLong(WorkerInfo::rss)
			.sum();
	}

	private static boolean hasKnownMemory(WorkerInfo worker) {
		return worker.rss() >= 0;
	}

	private void bindBytes(MeterRegistry registry, String direction, ToDoubleFunction<PoolStats> value) {
		counter(registry, "vimap.bytes", "Bytes of frames exchanged with workers", Tags.of("direction", direction),
				BaseUnits.BYTES, value);
	}

	private void gauge(MeterRegistry registry, String meter, String description, Tags tags,
			ToDoubleFunction<PoolStats> value) {
		keep(registry,
				Gauge.builder(meter, this.pool, readsStats(value))
					.description(description)
					.tags(tags(tags))
					.register(registry));
	}

	private void counter(MeterRegistry registry, String meter, String description, Tags tags, @Nullable String unit,
			ToDoubleFunction<PoolStats> value) {
		keep(registry,
				FunctionCounter.builder(meter, this.pool, readsStats(value))
					.description(description)
					.baseUnit(unit)
					.tags(tags(tags))
					.register(registry));
	}

	private ToDoubleFunction<ProcessPool<?, ?>> readsStats(ToDoubleFunction<PoolStats> value) {
		// A registry keeps this function and, weakly, the pool: a function that had this
		// would keep the pool, too.
		RecentStats recent = this.stats;
		return (observed) -> value.applyAsDouble(recent.get(observed));
	}

	private Tags tags(Tags tags) {
		return tags.and("pool", this.name);
	}

	private void keep(MeterRegistry registry, Meter meter) {
		this.registered.computeIfAbsent(registry, (key) -> new ConcurrentLinkedQueue<>()).add(meter);
	}

}
