package io.vimap.testing;

import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.SharedFile;
import io.vimap.pool.TaskResult;
import org.jspecify.annotations.Nullable;

/**
 * A pool, forked or serial, that records every input with its output as they are
 * delivered to the caller. A failure is recorded unless it throws out of a stream: there
 * its input is not known. Safe for use by many threads, as is the pool itself.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public final class DebugPool<I extends @Nullable Object, O extends @Nullable Object> implements ProcessPool<I, O> {

	private final ProcessPool<I, O> pool;

	/** Guarded by itself. */
	private final List<TaskResult<I, O>> results = new ArrayList<>();

	private DebugPool(ProcessPool<I, O> pool) {
		this.pool = pool;
	}

	/**
	 * Records what goes through a pool from now on, if it goes through the returned one.
	 * @param pool the pool, which is closed with the returned one
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return a pool that does what {@code pool} does
	 */
	public static <I extends @Nullable Object, O extends @Nullable Object> DebugPool<I, O> of(ProcessPool<I, O> pool) {
		return new DebugPool<>(pool);
	}

	/**
	 * Returns what has been recorded.
	 * @return a copy, in the order of delivery
	 */
	public List<TaskResult<I, O>> results() {
		synchronized (this.results) {
			return List.copyOf(this.results);
		}
	}

	/**
	 * Returns the outputs of the tasks that succeeded.
	 * @return the output by input, the last one where an input was sent more than once
	 */
	public Map<I, O> outputForInput() {
		Map<I, O> outputs = new LinkedHashMap<>();
		for (TaskResult<I, O> result : results()) {
			if (result instanceof TaskResult.Output<I, O> output) {
				outputs.put(output.input(), output.output());
			}
		}
		return Collections.unmodifiableMap(outputs);
	}

	void record(TaskResult<I, O> result) {
		synchronized (this.results) {
			this.results.add(result);
		}
	}

	@Override
	public Imap<I, O> imap(Iterable<? extends I> inputs) {
		return new DebugImap<>(this, this.pool.imap(inputs));
	}

	@Override
	public Imap<I, O> imap(Iterator<? extends I> inputs) {
		return new DebugImap<>(this, this.pool.imap(inputs));
	}

	@Override
	public Imap<I, O> imap(Stream<? extends I> inputs) {
		return new DebugImap<>(this, this.pool.imap(inputs));
	}

	@Override
	public CompletableFuture<O> submit(I input) {
		return new Recorded(input, this.pool.submit(input));
	}

	/**
	 * Completed after the task's own future has been, and that is recorded: who has the
	 * result finds the record. Who completes this one completes that one, which takes the
	 * task back.
	 */
	private final class Recorded extends CompletableFuture<O> {

		private final I input;

		private final CompletableFuture<O> task;

		Recorded(I input, CompletableFuture<O> task) {
			this.input = input;
			this.task = task;
			var unused = task.handle(this::ended);
		}

		private boolean ended(O output, @Nullable Throwable failure) {
			if (failure == null) {
				record(new TaskResult.Output<>(this.input, output));
				return super.complete(output);
			}
			Throwable cause = (failure instanceof CompletionException wrapped && wrapped.getCause() != null)
					? wrapped.getCause() : failure;
			record(new TaskResult.Failure<>(this.input, ExceptionContext.of(cause)));
			return super.completeExceptionally(cause);
		}

		@Override
		public boolean complete(O value) {
			return this.task.complete(value);
		}

		@Override
		public boolean completeExceptionally(Throwable ex) {
			return this.task.completeExceptionally(ex);
		}

		@Override
		public CompletableFuture<O> completeAsync(Supplier<? extends O> supplier, Executor executor) {
			this.task.completeAsync(supplier, executor);
			return this;
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			return this.task.cancel(mayInterruptIfRunning);
		}

		/** Dependent stages are plain futures. */
		@Override
		public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
			return new CompletableFuture<>();
		}

	}

	@Override
	public String name() {
		return this.pool.name();
	}

	@Override
	public void start() {
		this.pool.start();
	}

	@Override
	public boolean awaitReady(Duration timeout) throws InterruptedException {
		return this.pool.awaitReady(timeout);
	}

	@Override
	public PoolState state() {
		return this.pool.state();
	}

	@Override
	public PoolStats stats() {
		return this.pool.stats();
	}

	@Override
	public void resize(int processes) {
		this.pool.resize(processes);
	}

	@Override
	public void recycle() {
		this.pool.recycle();
	}

	@Override
	public void recycle(int index) {
		this.pool.recycle(index);
	}

	@Override
	public void kill(int index) {
		this.pool.kill(index);
	}

	@Override
	public void pause() {
		this.pool.pause();
	}

	@Override
	public void resume() {
		this.pool.resume();
	}

	@Override
	public CompletableFuture<String> threadDump(int index) {
		return this.pool.threadDump(index);
	}

	@Override
	public void signal(String topic, String message) {
		this.pool.signal(topic, message);
	}

	@Override
	public SharedFile share(InputStream content) {
		return this.pool.share(content);
	}

	@Override
	public boolean isOwnThread() {
		return this.pool.isOwnThread();
	}

	@Override
	public void close() {
		this.pool.close();
	}

	@Override
	public String toString() {
		return "debug " + this.pool;
	}

}
