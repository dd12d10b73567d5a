package io.vimap.boot.test.autoconfigure;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.vimap.boot.WorkerFactoryCustomizer;
import io.vimap.testing.Chaos;
import io.vimap.worker.WorkerFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.DisposableBean;

/**
 * Makes workers of forked pools die or hang at a moment that a test chooses. To end the
 * process of worker 2 when it begins its 5th task from now:
 * {@code chaos.of("thumbnails").kill(2, 5)}.
 * <p>
 * After each test method what has not happened is forgotten.
 */
public final class PoolChaos implements WorkerFactoryCustomizer, DisposableBean {

	private final Map<String, Chaos> pools = new ConcurrentHashMap<>();

	PoolChaos() {
	}

	/**
	 * Returns the accidents of one pool, to plan some.
	 * @param pool the pool's name
	 * @return what is planned and has happened
	 * @throws IllegalArgumentException if no such pool has been started
	 */
	public Chaos of(String pool) {
		Chaos chaos = this.pools.get(pool);
		if (chaos == null) {
			throw new IllegalArgumentException(
					"No process pool '" + pool + "' has been started. There are: " + this.pools.keySet() + ".");
		}
		return chaos;
	}

	/** Forgets all accidents. */
	void reset() {
		this.pools.values().forEach(Chaos::reset);
	}

	@Override
	public <I extends @Nullable Object, O extends @Nullable Object> WorkerFactory<I, O> customize(String pool,
			WorkerFactory<I, O> factory) {
		return this.pools.computeIfAbsent(pool, (name) -> Chaos.create()).in(factory);
	}

	@Override
	public void destroy() {
		this.pools.values().forEach(Chaos::close);
	}

}
