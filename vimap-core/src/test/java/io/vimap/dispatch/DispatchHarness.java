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

/**
 * A dispatcher of strings without threads and processes: whatever happens, happens on the
 * test's thread, when the test says so.
 */
final class DispatchHarness implements AutoCloseable {

	private static final ValueCodec STRINGS = new AutoCodec().forType(String.class);

	final ManualScheduler scheduler = new ManualScheduler();

	final TaskDispatcher dispatcher;

	final List<FakeWorker> workers = new ArrayList<>();

	private final CrewListener listener;

	/** How often the dispatcher has said that no task is left. */
	int allDrained;

	DispatchHarness(PoolOptions options, int workers) {
		this(options, STRINGS, workers);
	}

	DispatchHarness(PoolOptions options, ValueCodec inputs, int workers) {
		this.dispatcher = new TaskDispatcher(options, inputs, STRINGS, new SupervisorStatus(options), this.scheduler,
				() -> this.allDrained++);
		this.listener = new CrewListener(this.dispatcher);
		become(PoolState.RUNNING);
		for (int i = 0; i < workers; i++) {
			addWorker();
		}
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

	CompletableFuture<Object> submit(String input) {
		return this.dispatcher.submit(input, Map.of());
	}

	/** Submits so many inputs, {@code 1} and so on. */
	List<CompletableFuture<Object>> submitAll(int count) {
		return IntStream.rangeClosed(1, count).mapToObj((i) -> submit(String.valueOf(i))).toList();
	}

	long waiting() {
		return this.dispatcher.figures().queueDepth();
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
				DispatchHarness.this.dispatcher.accept(this,
						IntStream.rangeClosed(1, count).mapToObj((i) -> prefix + i).toList(), this.queue, Map.of(),
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
