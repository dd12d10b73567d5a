package io.vimap.boot.autoconfigure;

import io.vimap.boot.ManagedProcessPool;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;

/**
 * Waits for the pools, one phase after they have been started: so all of them start at
 * the same time, and still before anything that uses them.
 */
class ProcessPoolStartup implements SmartLifecycle {

	private final ObjectProvider<ManagedProcessPool<?, ?>> pools;

	private volatile boolean running;

	ProcessPoolStartup(ObjectProvider<ManagedProcessPool<?, ?>> pools) {
		this.pools = pools;
	}

	@Override
	public void start() {
		this.pools.forEach((pool) -> {
			if (pool.definition().required() && pool.isRunning()) {
				await(pool);
			}
		});
		this.running = true;
	}

	private static void await(ManagedProcessPool<?, ?> pool) {
		try {
			pool.awaitStarted();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for the workers of pool '" + pool.name() + "'",
					ex);
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return ManagedProcessPool.PHASE + 1;
	}

}
