package io.vimap.dispatch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.SupervisorStatus;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A dispatcher of strings without threads and processes: whatever happens, happens on the
 * test's thread, when the test says so. Does nothing before it is started.
 */
final class DispatchHarness implements AutoCloseable {

	private static final ValueCodec STRINGS = new AutoCodec().forType(String.class);

	final ManualScheduler scheduler = new ManualScheduler();

	final List<FakeWorker> workers = new ArrayList<>();

	TaskDispatcher dispatcher;

	private CrewListener listener;

	/** How often the dispatcher has said that no task is left. */
	int allDrained;

	/** The options that a test adds its own to. */
	static PoolOptions.Builder options() {
		return PoolOptions.builder().name("dispatched");
	}

	/** Starts with one worker. */
	FakeWorker start(PoolOptions.Builder options) {
		return start(options, STRINGS);
	}

	/** Starts with one worker, and a codec for what it is sent. */
	FakeWorker start(PoolOptions.Builder options, ValueCodec inputs) {
		start(options.build(), inputs);
		return addWorker();
	}

	/** Starts with so many workers. */
	void start(PoolOptions.Builder options, int workers) {
		start(options.build(), STRINGS);
		for (int i = 0; i < workers; i++) {
			addWorker();
		}
	}

	private void start(PoolOptions options, ValueCodec inputs) {
		this.dispatcher = new TaskDispatcher(options, inputs, STRINGS, new SupervisorStatus(options), this.scheduler,
				() -> this.allDrained++);
		this.listener = new CrewListener(this.dispatcher);
		become(PoolState.RUNNING);
	}

	FakeWorker worker(int index) {
		return this.workers.get(index);
	}

	FakeWorker addWorker() {
		try {
			FakeWorker worker = new FakeWorker(this.workers.size(), this.listener);
			this.workers.add(worker);
			this.listener.ready(worker.conversation());
			pass(Duration.ZERO);
			return worker;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void become(PoolState state) {
		this.listener.onStateChange(PoolState.NEW, state);
		pass(Duration.ZERO);
	}

	void workOn(FakeWorker worker) {
		this.listener.workOn(worker.conversation());
		pass(Duration.ZERO);
	}

	void retire(FakeWorker worker) {
		this.listener.retire(worker.conversation());
		pass(Duration.ZERO);
	}

	void dies(FakeWorker worker, ExitReason reason, @Nullable Outbox outbox) {
		this.listener.gone(worker.conversation(), worker.exit(reason), outbox);
		pass(Duration.ZERO);
	}

	void pass(Duration time) {
		this.scheduler.pass(time.toNanos());
	}

	/** This process is stopped for a while, then does what is due. */
	void standStill(Duration time) {
		this.scheduler.standStill(time.toNanos());
		pass(Duration.ZERO);
	}

	CompletableFuture<Object> submit(String input) {
		return this.dispatcher.submit(input, Map.of());
	}

	/** Submits so many inputs, {@code 1} and so on. */
	List<CompletableFuture<Object>> submitAll(int count) {
		return IntStream.rangeClosed(1, count).mapToObj((i) -> submit(String.valueOf(i))).toList();
	}

	/** An imap that offers its inputs in chunks, and how long each may take. */
	FakeRun run(int chunk, Duration timeout) {
		return new FakeRun(chunk, timeout);
	}

	long waiting() {
		return this.dispatcher.figures().queueDepth();
	}

	/** What has come of tasks so far: outputs, or {@code unfinished}. */
	static List<Object> outputs(List<CompletableFuture<Object>> futures) {
		return futures.stream().map((future) -> future.getNow("unfinished")).toList();
	}

	/** Why a task has failed. */
	static <T extends Throwable> T failure(CompletableFuture<?> future, Class<T> type) {
		assertThat(future).isCompletedExceptionally();
		return type.cast(future.handle((output, failure) -> failure).join());
	}

	@Override
	public void close() {
		this.workers.forEach(FakeWorker::close);
	}

	/** One run of an imap, as the dispatcher sees it. */
	final class FakeRun implements TaskOwner {

		final TaskQueue queue;

		final List<Object> outputs = new ArrayList<>();

		private final long timeoutNanos;

		private boolean abandoned;

		FakeRun(int chunk, Duration timeout) {
			this.queue = new TaskQueue(chunk);
			this.timeoutNanos = timeout.toNanos();
		}

		/** Offers so many inputs, such as {@code a1}. */
		void offer(String prefix, int count) {
			try (Turn turn = DispatchHarness.this.dispatcher.begin()) {
				DispatchHarness.this.dispatcher.accept(this, this.queue,
						IntStream.rangeClosed(1, count)
							.mapToObj((i) -> new Task(prefix + i, this, this.queue, Map.of()))
							.toList(),
						turn);
			}
		}

		/** Its stream is closed. */
		void close() {
			try (Turn turn = DispatchHarness.this.dispatcher.begin()) {
				this.abandoned = true;
				DispatchHarness.this.dispatcher.takeBack(this, this.queue, turn);
			}
		}

		@Override
		public void finished(Task task, Turn turn) {
			this.outputs.add((task.failure() != null) ? task.failure() : task.output);
		}

		@Override
		public boolean abandoned() {
			return this.abandoned;
		}

		@Override
		public boolean unwanted() {
			return false;
		}

		@Override
		public long timeoutNanos() {
			return this.timeoutNanos;
		}

		@Override
		public String timeoutProperty() {
			return "Imap.taskTimeout";
		}

	}

}
