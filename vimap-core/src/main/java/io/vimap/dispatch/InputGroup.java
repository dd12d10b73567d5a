package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Inputs of a run that were pulled and are offered to the workers together, because that
 * is cheaper. If pulling the next one takes long, they don't wait for it: it may come
 * only because of what becomes of these.
 */
final class InputGroup {

	/** How long a chunk may be in coming before it is sent in parts. */
	static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final TaskOwner owner;

	private final TaskQueue queue;

	private final TaskDispatcher dispatcher;

	/** How long inputs wait for others to go with them. */
	private final long patience;

	/** Guarded by "this". */
	private final List<Task> tasks = new ArrayList<>();

	/** Guarded by "this": when the first of them was added. */
	private long since;

	/** Guarded by "this": somebody will look how long they have been here. */
	private boolean watched;

	InputGroup(TaskOwner owner, TaskQueue queue, TaskDispatcher dispatcher) {
		this.owner = owner;
		this.queue = queue;
		this.dispatcher = dispatcher;
		this.patience = (queue.chunk > 1) ? CHUNK_NANOS : TaskDispatcher.SLOW_NANOS;
	}

	/** The next input may be long in coming. Called by whoever pulls. */
	synchronized void expectMore() {
		if (!this.tasks.isEmpty()) {
			watch(this.patience);
		}
	}

	/**
	 * Adds an input. Called by whoever pulls.
	 * @param input the input
	 * @param captured the context that goes with it
	 * @return whether this is the first
	 */
	synchronized boolean add(@Nullable Object input, Map<String, String> captured) {
		boolean first = this.tasks.isEmpty();
		if (first) {
			this.since = this.dispatcher.scheduler().nanoTime();
		}
		this.tasks.add(new Task(input, this.owner, this.queue, captured));
		return first;
	}

	/** Gives all of them to the dispatcher. */
	void offer() {
		try (Turn turn = this.dispatcher.begin()) {
			// In one piece, so that two threads can't change the order of groups.
			synchronized (this) {
				if (!this.tasks.isEmpty()) {
					this.dispatcher.accept(this.owner, this.queue, this.tasks, turn);
					this.tasks.clear();
				}
			}
		}
	}

	/** "this" is locked. */
	private void watch(long nanos) {
		if (!this.watched) {
			this.watched = true;
			this.dispatcher.scheduler().after(nanos, this::offerLate);
		}
	}

	private void offerLate() {
		synchronized (this) {
			this.watched = false;
			if (this.tasks.isEmpty()) {
				return;
			}
			long left = this.since + this.patience - this.dispatcher.scheduler().nanoTime();
			if (left > 0) {
				// These have come after those that it was about.
				watch(left);
				return;
			}
		}
		offer();
		this.owner.poolChanged();
	}

}
