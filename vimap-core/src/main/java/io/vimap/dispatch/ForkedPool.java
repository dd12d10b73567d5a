package io.vimap.dispatch;

import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Supplier;

import io.vimap.imap.ImapEngine;
import io.vimap.imap.ImapPlan;
import io.vimap.imap.ImapResults;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.SharedFile;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.PoolControl;
import io.vimap.supervision.PoolThreads;
import io.vimap.supervision.SharedFiles;
import io.vimap.supervision.SupervisorStatus;
import io.vimap.supervision.WorkerListener;
import org.jspecify.annotations.Nullable;

/**
 * A pool of forked processes: the dispatcher and the supervisor behind one face.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class ForkedPool<I extends @Nullable Object, O extends @Nullable Object> implements ImapEngine<I, O> {

	private final PoolOptions options;

	private final PoolThreads threads;

	private final TaskDispatcher dispatcher;

	private final SupervisorStatus status;

	private final PoolControl control;

	private final SharedFiles shared;

	/**
	 * Creates a pool; nothing is forked before {@link #start()}.
	 * @param options how the pool behaves
	 * @param inputs encodes inputs
	 * @param outputs decodes outputs
	 * @param threads the pool's own, those of the supervision included
	 * @param supervision makes the supervision, given who hears of workers and where its
	 * status is shown
	 */
	public ForkedPool(PoolOptions options, ValueCodec inputs, ValueCodec outputs, PoolThreads threads,
			BiFunction<WorkerListener, SupervisorStatus, PoolControl> supervision) {
		this.options = options;
		this.threads = threads;
		this.status = new SupervisorStatus(options);
		this.shared = new SharedFiles(options.name(), this.status);
		this.dispatcher = new TaskDispatcher(options, inputs, outputs, this.status, new DispatchThread(threads),
				this::drained);
		this.control = supervision.apply(new CrewListener(this.dispatcher), this.status);
	}

	private void drained() {
		this.control.allDrained();
	}

	@Override
	public PoolOptions options() {
		return this.options;
	}

	@Override
	public void start() {
		this.control.start();
	}

	@Override
	public ImapResults begin(ImapPlan<?, ?> plan, Iterator<?> inputs) {
		return new ImapRun(plan, this.dispatcher, inputs);
	}

	@Override
	@SuppressWarnings("unchecked")
	public CompletableFuture<O> submit(I input) {
		Supplier<Map<String, String>> capture = this.options.taskContext();
		return (CompletableFuture<O>) this.dispatcher.submit(input, (capture != null) ? capture.get() : Map.of());
	}

	@Override
	public boolean awaitReady(Duration timeout) throws InterruptedException {
		return this.status.awaitReady(timeout);
	}

	@Override
	public PoolState state() {
		return this.status.state();
	}

	@Override
	public PoolStats stats() {
		TaskDispatcher.Figures figures = this.dispatcher.figures();
		return new PoolStats(name(), state(), figures.paused(), this.status.size(), this.status.ready(),
				this.status.spares(), figures.queueDepth(), figures.inFlight(), figures.succeeded(), figures.failed(),
				figures.retries(), this.status.restarts(), this.control.bytesSent(), this.control.bytesReceived(),
				this.control.workers(), this.status.exits());
	}

	@Override
	public void resize(int processes) {
		this.status.checkSize(processes);
		this.control.resize(processes);
	}

	@Override
	public void recycle() {
		this.control.recycleAll();
	}

	@Override
	public void recycle(int index) {
		this.status.checkSeat(index);
		this.control.recycle(index);
	}

	@Override
	public void kill(int index) {
		this.status.checkWorker(index);
		this.control.kill(index);
	}

	@Override
	public void pause() {
		this.dispatcher.pause(true);
	}

	@Override
	public void resume() {
		this.dispatcher.pause(false);
		this.control.resume();
	}

	@Override
	public CompletableFuture<String> threadDump(int index) {
		return this.control.threadDump(index);
	}

	@Override
	public void signal(String topic, String message) {
		this.control.signal(topic, message);
	}

	@Override
	public SharedFile share(InputStream content) {
		return this.shared.share(() -> SharedFile.create(content, this.control.directory()));
	}

	@Override
	public boolean isOwnThread() {
		return this.threads.isCurrent();
	}

	@Override
	public void close() {
		CompletableFuture<Void> closed = this.control.close().thenRun(this.shared::removeAll);
		if (!isOwnThread()) {
			closed.join();
		}
	}

	@Override
	public List<ExceptionContext> cleanupFailures() {
		return this.status.cleanupFailures();
	}

	@Override
	public String toString() {
		return "pool '" + name() + "' (" + state() + ")";
	}

}
