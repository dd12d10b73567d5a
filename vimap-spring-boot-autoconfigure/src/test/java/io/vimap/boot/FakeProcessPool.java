package io.vimap.boot;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.vimap.pool.Imap;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.VimapException;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import io.vimap.worker.WorkerSpec;
import io.vimap.pool.SharedFile;

/**
 * An engine without processes: remembers what it was asked, says what it was told to.
 */
public class FakeProcessPool<I, O> implements ProcessPool<I, O> {

	public final List<WorkerSpec<I, O>> specs;

	public final PoolOptions options;

	public final List<String> calls = new CopyOnWriteArrayList<>();

	public volatile PoolState state = PoolState.RUNNING;

	public volatile boolean paused;

	public volatile int ready;

	public volatile VimapException startFailure;

	public volatile Runnable onClose = () -> {
	};

	public final List<WorkerExit> exits = new ArrayList<>();

	public FakeProcessPool(List<WorkerSpec<I, O>> specs, PoolOptions options) {
		this.specs = specs;
		this.options = options;
		this.ready = specs.size();
	}

	@Override
	public String name() {
		return this.options.name();
	}

	@Override
	public void start() {
		this.calls.add("start");
	}

	@Override
	public Imap<I, O> imap(Iterable<? extends I> inputs) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Imap<I, O> imap(Iterator<? extends I> inputs) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Imap<I, O> imap(Stream<? extends I> inputs) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletableFuture<O> submit(I input) {
		if (this.state == PoolState.TERMINATED) {
			throw new PoolClosedException(name(), "closed");
		}
		return new CompletableFuture<>();
	}

	@Override
	public boolean awaitReady(Duration timeout) {
		this.calls.add("awaitReady");
		if (this.startFailure != null) {
			throw this.startFailure;
		}
		return this.ready == this.specs.size();
	}

	@Override
	public PoolState state() {
		return this.state;
	}

	@Override
	public PoolStats stats() {
		List<WorkerInfo> workers = new ArrayList<>();
		for (int i = 0; i < this.specs.size(); i++) {
			workers.add(new WorkerInfo(i, 1000 + i, (i < this.ready) ? WorkerState.READY : WorkerState.LAUNCHING, i + 1,
					Duration.ofSeconds(5), 7, 1, 42L, Duration.ofMillis(3), 1024 * 1024, Duration.ofMillis(700)));
		}
		return new PoolStats(name(), this.state, this.paused, this.specs.size(), this.ready, 0, 3, 2, 10, 1, 4,
				Map.of(), 500, 600, workers, this.exits);
	}

	@Override
	public void resize(int processes) {
		this.calls.add("resize " + processes);
	}

	@Override
	public void recycle() {
		this.calls.add("recycle");
	}

	@Override
	public void recycle(int index) {
		this.calls.add("recycle " + index);
	}

	@Override
	public void kill(int index) {
		this.calls.add("kill " + index);
	}

	@Override
	public void pause() {
		this.calls.add("pause");
		this.paused = true;
	}

	@Override
	public void resume() {
		this.calls.add("resume");
		this.paused = false;
	}

	@Override
	public CompletableFuture<String> threadDump(int index) {
		return CompletableFuture.completedFuture("\"vimap-worker\" dump of " + index);
	}

	@Override
	public SharedFile share(InputStream content) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void signal(String topic, String message) {
		this.calls.add("signal " + topic + " " + message);
	}

	@Override
	public void close() {
		this.onClose.run();
		this.calls.add("close");
		this.state = PoolState.TERMINATED;
	}

}
