package io.vimap.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.vimap.boot.FakeProcessPool;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;

/**
 * Makes engines without processes and keeps them in the order of their making.
 */
class FakeForker implements ProcessPoolForker {

	final List<FakeProcessPool<?, ?>> engines = new CopyOnWriteArrayList<>();

	Consumer<FakeProcessPool<?, ?>> onFork = (engine) -> {
	};

	@Override
	public <I, O> ProcessPool<I, O> fork(List<WorkerSpec<I, O>> workers, PoolOptions options) {
		FakeProcessPool<I, O> engine = new FakeProcessPool<>(workers, options);
		this.onFork.accept(engine);
		this.engines.add(engine);
		return engine;
	}

	FakeProcessPool<?, ?> engine(String name) {
		return this.engines.stream().filter((engine) -> engine.name().equals(name)).reduce((a, b) -> b).orElseThrow();
	}

}
