package io.vimap.boot.metrics;

import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Which of several pools of one name has its meters in a registry that their contexts
 * share: the one that came first, and when that is closed the next one. Asking the
 * registry would not do: a filter may have given the meters other names.
 */
final class MeterClaims {

	/** By registry and name, in the order of their coming. Guarded by the class. */
	private static final Map<MeterRegistry, Map<String, Deque<WeakReference<ProcessPoolMetrics>>>> CLAIMS = new WeakHashMap<>();

	private MeterClaims() {
	}

	/**
	 * Puts somebody in the line for the meters of a pool, once.
	 * @param registry the registry
	 * @param pool the pool's name
	 * @param claimant who wants to register them
	 */
	static synchronized void claim(MeterRegistry registry, String pool, ProcessPoolMetrics claimant) {
		Deque<WeakReference<ProcessPoolMetrics>> line = CLAIMS.computeIfAbsent(registry, (key) -> new HashMap<>())
			.computeIfAbsent(pool, (key) -> new ArrayDeque<>());
		if (line.stream().noneMatch((other) -> other.refersTo(claimant))) {
			line.addLast(new WeakReference<>(claimant));
		}
	}

	/**
	 * Takes somebody out of the line.
	 * @param registry the registry
	 * @param pool the pool's name
	 * @param claimant who has removed its meters
	 */
	static synchronized void release(MeterRegistry registry, String pool, ProcessPoolMetrics claimant) {
		Map<String, Deque<WeakReference<ProcessPoolMetrics>>> lines = CLAIMS.get(registry);
		if (lines != null && lines.containsKey(pool)) {
			lines.get(pool).removeIf((other) -> other.refersTo(claimant));
		}
	}

	/**
	 * Returns whose meters are those of a pool.
	 * @param registry the registry
	 * @param pool the pool's name
	 * @return the first in the line, {@code null} if there is nobody
	 */
	static synchronized @Nullable ProcessPoolMetrics first(MeterRegistry registry, String pool) {
		Map<String, Deque<WeakReference<ProcessPoolMetrics>>> lines = CLAIMS.getOrDefault(registry, Map.of());
		Deque<WeakReference<ProcessPoolMetrics>> line = lines.get(pool);
		if (line == null) {
			return null;
		}
		// Some are forgotten without having been closed.
		line.removeIf((claim) -> claim.refersTo(null));
		return line.isEmpty() ? null : line.getFirst().get();
	}

}
