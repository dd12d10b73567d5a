package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Inputs of a run that were pulled and are offered to the workers together, because that
 * is cheaper. If pulling the next one takes long, they don't wait for it: it may come
 * only because of what becomes of these.
 */
final class InputGroup {

	private final TaskOwner owner;

	private final TaskQueue queue;

	private final TaskDispatcher dispatcher;

	/** Guarded by "this". */
	private final List<@Nullable Object> inputs = new ArrayList<>();

	/** Guarded by "this": what was captured when the first of them was pulled. */
	private Map<String, String> context = Map.of();

	/** Guarded by "this": somebody will look whether they are still here. */
	private boolean watched;

	InputGroup(TaskOwner owner, TaskQueue queue, TaskDispatcher dispatcher) {
		this.owner = owner;
		this.queue = queue;
		this.dispatcher = dispatcher;
	}

	/**
	 * Adds an input. Called by whoever pulls.
	 * @param input the input
	 * @param captured the context of the pulling thread; that of the group's first input
	 * goes with all of them
	 */
	synchronized void add(@Nullable Object input, Map<String, String> captured) {
		if (this.inputs.isEmpty()) {
			this.context = captured;
			if (!this.watched) {
				this.watched = true;
				this.dispatcher.scheduler().after(TaskDispatcher.SLOW_NANOS, this::offerLate);
			}
		}
		this.inputs.add(input);
	}

	synchronized boolean isEmpty() {
		return this.inputs.isEmpty();
	}

	/** Gives all of them to the dispatcher. */
	void offer() {
		try (Turn turn = this.dispatcher.begin()) {
			// In one piece, so that two threads can't change the order of groups.
			synchronized (this) {
				if (!this.inputs.isEmpty()) {
					this.dispatcher.accept(this.owner, this.inputs, this.queue, this.context, turn);
					this.inputs.clear();
				}
			}
		}
	}

	private void offerLate() {
		synchronized (this) {
			this.watched = false;
		}
		offer();
		this.owner.poolChanged();
	}

}
