package io.vimap.boot.autoconfigure;

import java.util.List;

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
		List<ManagedProcessPool<?, ?>> awaited = this.pools.stream()
			.filter((pool) -> pool.definition().required() && pool.isRunning())
			.toList();
		Thread hook = new Thread(() -> awaited.forEach(ProcessPoolStartup::beginToStop), "vimap-stop-starting");
		try {
			Runtime.getRuntime().addShutdownHook(hook);
			awaited.forEach(ProcessPoolStartup::await);
		}
		finally {
			remove(hook);
		}
		this.running = true;
	}

	/**
	 * When the JVM is told to end, the application context is closed only when it has
	 * started: workers that take minutes for it would hold that up. A pool that is being
	 * closed is not waited for, so that the start fails.
	 */
	private static void beginToStop(ManagedProcessPool<?, ?> pool) {
		pool.stop(() -> {
		});
	}

	private static void remove(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			// The JVM is ending, and the hook does its work.
		}
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
