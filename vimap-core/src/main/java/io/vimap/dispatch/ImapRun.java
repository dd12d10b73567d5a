package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.vimap.imap.ImapPlan;
import io.vimap.imap.ImapResults;
import org.jspecify.annotations.Nullable;

/**
 * One run of inputs through a pool, read by one thread at a time: the consumer. It gives
 * out what the {@link ResultQueue} has, and has the {@link InputPuller} pull inputs on
 * the way, unless an {@link InputFeeder} does.
 */
final class ImapRun implements ImapResults {

	/** How long a worker may be short of work because gathering inputs is cheaper. */
	private static final long PATIENCE_NANOS = 100_000;

	private final String pool;

	private final TaskDispatcher dispatcher;

	private final TaskQueue queue;

	private final ImapBound bound;

	private final ResultQueue results;

	private final InputPuller puller;

	/** Pulls the inputs, {@code null} if the consumer does. */
	private final @Nullable InputFeeder feeder;

	/** Written by whoever closes the stream, which need not be the consumer. */
	private volatile boolean closed;

	// Consumer only.

	/** What was collected last, given out up to {@link #next}. */
	private List<Task> batch = new ArrayList<>();

	private int next;

	/** Results handed to the consumer that it may still be busy with: 0 or 1. */
	private int handedOver;

	private long lastRefill;

	ImapRun(ImapPlan<?, ?> plan, TaskDispatcher dispatcher, Iterator<?> inputs) {
		this.pool = plan.engine().name();
		this.dispatcher = dispatcher;
		this.queue = new TaskQueue(plan.chunk());
		this.bound = new ImapBound(dispatcher, plan.chunk(), plan.bound());
		this.results = new ResultQueue(dispatcher, plan);
		Executor executor = plan.feeder();
		this.puller = new InputPuller(dispatcher, inputs, this.bound, this.results, this.queue,
				capture(dispatcher.options().taskContext(), executor));
		this.feeder = (executor != null) ? new InputFeeder(this.puller, this.bound, this.results) : null;
		if (executor != null) {
			executor.execute(this.feeder);
		}
		try (Turn turn = dispatcher.begin()) {
			dispatcher.watch(this.results);
		}
	}

	/** What travels is the caller's, who is not on a feeder's thread. */
	private static Supplier<Map<String, String>> capture(@Nullable Supplier<Map<String, String>> taskContext,
			@Nullable Executor feeder) {
		if (taskContext == null) {
			return Map::of;
		}
		if (feeder == null) {
			return taskContext;
		}
		Map<String, String> callers = taskContext.get();
		return () -> callers;
	}

	@Override
	public @Nullable Task next() throws InterruptedException {
		acknowledge();
		while (true) {
			if (this.next < this.batch.size()) {
				return take();
			}
			if (collect() || refill()) {
				continue;
			}
			if (this.puller.ended() && this.bound.isBalanced()) {
				return null;
			}
			if (this.closed) {
				throw new CancellationException(
						"An imap of pool '" + this.pool + "' was closed by another thread while it was being read.");
			}
			await();
		}
	}

	@Override
	public @Nullable Throwable failure() {
		return this.puller.failure();
	}

	@Override
	public long pulled() {
		return this.bound.pulled();
	}

	private Task take() {
		Task task = this.batch.get(this.next++);
		if (shouldRefill()) {
			refill();
		}
		this.handedOver = 1;
		return task;
	}

	/**
	 * The consumer has come back, so it has taken what was handed over: only now is there
	 * room for another input. Any sooner, one more than the bound would be under way.
	 */
	private void acknowledge() {
		if (this.handedOver > 0) {
			this.bound.take();
			this.handedOver = 0;
			if (this.feeder != null) {
				this.feeder.roomMade();
			}
		}
	}

	/** Moves what is finished into the consumer's own batch. */
	private boolean collect() {
		this.batch.clear();
		this.next = 0;
		this.batch = this.results.collect(this.batch);
		return !this.batch.isEmpty();
	}

	/** Gathers room for many inputs when that costs no worker much. */
	private boolean shouldRefill() {
		int room = this.bound.room();
		if (this.feeder != null || room <= 0 || this.puller.ended()) {
			return false;
		}
		int limit = this.bound.limit();
		if (room >= limit / 4 && room >= this.queue.chunk) {
			return true;
		}
		return this.dispatcher.hungry() && (room >= Math.max(limit / 8, this.queue.chunk)
				|| this.dispatcher.scheduler().nanoTime() - this.lastRefill > PATIENCE_NANOS);
	}

	/** Pulls inputs while there is room. Returns whether anything has changed. */
	private boolean refill() {
		if (this.feeder != null) {
			return false;
		}
		boolean changed = this.puller.pull(() -> this.next < this.batch.size());
		if (changed) {
			this.lastRefill = this.dispatcher.scheduler().nanoTime();
		}
		return changed;
	}

	/** Waits for a result, for room, or for the end of the pool. */
	private void await() throws InterruptedException {
		this.dispatcher.refuseOwnThread();
		// Starved although all that may be under way is: allow for more, unless most of
		// it is finished and waits for a slow element.
		if (this.bound.room() <= 0 && this.results.heldUp() <= this.bound.limit() / 2 && this.bound.widen()) {
			if (this.feeder != null) {
				this.feeder.roomMade();
			}
			return;
		}
		if (this.feeder != null && this.puller.isRefused()) {
			// What it has gathered does not wait for it, as its source may block.
			this.puller.offer();
			if (this.bound.isBalanced()) {
				awaitEnd(this.feeder);
				return;
			}
		}
		this.results.await(() -> this.closed || this.puller.ended() && this.bound.isBalanced()
				|| this.puller.isRefused() && (this.feeder == null || this.bound.isBalanced()));
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

	/** There is nothing left to wait for but the feeder, which the pool refuses. */
	private void awaitEnd(InputFeeder refused) throws InterruptedException {
		if (!refused.awaitEnd(ImapPlan.FEEDER_END_NANOS)) {
			RuntimeException refusal = this.dispatcher.admission().refusal();
			if (refusal != null) {
				this.puller.endWith(refusal);
			}
		}
	}

	@Override
	public void close() {
		this.closed = true;
		try (Turn turn = this.dispatcher.begin()) {
			this.results.abandon();
			this.dispatcher.takeBack(this.results, this.queue, turn);
		}
		if (this.feeder != null) {
			this.feeder.stop();
		}
		this.results.wake();
	}

}
