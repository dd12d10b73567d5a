package io.vimap.dispatch;

import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The bound on inputs of one run that are between pulled and taken by the consumer.
 */
final class ImapBound {

	private final TaskDispatcher dispatcher;

	private final int chunk;

	/** What the user has set, {@code null} for automatic. */
	private final @Nullable Integer fixed;

	/** Written by whoever pulls. */
	private final AtomicLong pulled = new AtomicLong();

	/** Written by the consumer. */
	private final AtomicLong taken = new AtomicLong();

	/** The bound in force. Written by the consumer. */
	private volatile int limit;

	ImapBound(TaskDispatcher dispatcher, int chunk, @Nullable Integer fixed) {
		this.dispatcher = dispatcher;
		this.chunk = chunk;
		this.fixed = fixed;
		this.limit = (fixed != null) ? fixed : smallest();
	}

	int limit() {
		return this.limit;
	}

	/** How many more inputs may be pulled. Any thread. */
	int room() {
		return (int) Math.min(Integer.MAX_VALUE, this.limit - (this.pulled.get() - this.taken.get()));
	}

	long pulled() {
		return this.pulled.get();
	}

	long taken() {
		return this.taken.get();
	}

	/** One input has been pulled. Whoever pulls. */
	void pull() {
		this.pulled.lazySet(this.pulled.get() + 1);
	}

	/** The consumer has taken a result. Consumer only. */
	void take() {
		this.taken.lazySet(this.taken.get() + 1);
	}

	/** Whether each input that was pulled has been taken again. Any thread. */
	boolean isBalanced() {
		return this.pulled.get() == this.taken.get();
	}

	/**
	 * Allows for more, unless the user has set the bound or all workers' windows would be
	 * full twice. Consumer only.
	 * @return whether there is room now
	 */
	boolean widen() {
		int largest = Math.max(smallest(), 2 * this.dispatcher.crew().totalWindow());
		if (this.fixed != null || this.limit >= largest) {
			return false;
		}
		this.limit = Math.max(smallest(), Math.min(this.limit * 2, largest));
		return room() > 0;
	}

	private int smallest() {
		return Math.max(2 * this.chunk, 4) * Math.max(1, this.dispatcher.size());
	}

}
