package io.vimap.protocol;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * A few objects that are worth using again, at most one per slot. Threads spread over the
 * slots by their ids. Unlike thread-locals it keeps no object alive longer than itself,
 * and costs nothing per virtual thread.
 *
 * @param <T> the type of the objects
 */
final class Spares<T> {

	private static final int SLOTS = Math.min(64,
			Integer.highestOneBit(Runtime.getRuntime().availableProcessors()) * 4);

	private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);

	/**
	 * Takes an object out. It is the caller's alone until given back.
	 * @return an object that was given back before, or {@code null}
	 */
	@Nullable T take() {
		int slot = slot();
		return (this.slots.getPlain(slot) != null) ? this.slots.getAndSet(slot, null) : null;
	}

	/**
	 * Gives an object back.
	 * @param object an object that is fit for another use
	 */
	void give(T object) {
		this.slots.setRelease(slot(), object);
	}

	private static int slot() {
		return (int) Thread.currentThread().getId() & SLOTS - 1;
	}

}
