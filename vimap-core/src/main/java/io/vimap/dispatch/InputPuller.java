package io.vimap.dispatch;

import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Pulls the inputs of one run and offers them to the workers, while the bound leaves
 * room. Used by one thread: the consumer's, or the {@link InputFeeder}'s.
 */
final class InputPuller {

	/** Inputs are offered to the workers in groups of at most so many. */
	private static final int LARGEST_GROUP = 128;

	/** A group fills this share of a worker's window: larger ones save nothing then. */
	private static final int GROUPS_PER_WINDOW = 4;

	/** An input that took longer to pull than this is offered at once. */
	private static final long SLOW_PULL_NANOS = 20_000;

	private final TaskDispatcher dispatcher;

	private final Iterator<?> inputs;

	private final ImapBound bound;

	private final InputGroup group;

	private final int chunk;

	/** Captures what travels with an input. */
	private final Supplier<Map<String, String>> capture;

	/** There is no next input. Read by any thread. */
	private volatile boolean ended;

	/** The iterator has thrown, or the pool takes no inputs. Read by any thread. */
	private volatile @Nullable Throwable failure;

	InputPuller(TaskDispatcher dispatcher, Iterator<?> inputs, ImapBound bound, TaskOwner owner, TaskQueue queue,
			Supplier<Map<String, String>> capture) {
		this.dispatcher = dispatcher;
		this.inputs = inputs;
		this.bound = bound;
		this.group = new InputGroup(owner, queue, dispatcher);
		this.chunk = queue.chunk;
		this.capture = capture;
	}

	/** Whether there is no next input. Any thread. */
	boolean ended() {
		return this.ended;
	}

	/** Why there is none, {@code null} if the iterator has said so. Any thread. */
	@Nullable Throwable failure() {
		return this.failure;
	}

	/** Whether the next pull would find that the pool takes no inputs. Any thread. */
	boolean isRefused() {
		return !this.ended && this.dispatcher.admission().refusing() && this.bound.room() > 0;
	}

	/** Offers what it has gathered so far. Any thread. */
	void offer() {
		this.group.offer();
	}

	/** Pulls no more. Any thread. */
	void endWith(@Nullable Throwable why) {
		this.failure = why;
		this.ended = true;
	}

	/** Somebody wants the feeding thread to stop. */
	void interrupted() {
		endWith(new CancellationException(
				"The thread that feeds an imap of pool '" + this.dispatcher.options().name() + "' was interrupted."));
	}

	/**
	 * Pulls and offers inputs while there is room.
	 * @param enough asked after a slow pull: whether to stop for now
	 * @return whether anything was pulled, or the input has ended
	 */
	boolean pull(BooleanSupplier enough) {
		boolean any = false;
		boolean more = !this.ended;
		while (more && this.bound.room() > 0) {
			boolean slow = pullGroup();
			any = true;
			this.group.offer();
			more = !this.ended && (!slow || !enough.getAsBoolean());
		}
		return any;
	}

	/** Returns whether pulling was slow. */
	private boolean pullGroup() {
		long begin = this.dispatcher.scheduler().nanoTime();
		int wanted = Math.min((this.chunk > 1) ? this.chunk : groupSize(), this.bound.room());
		boolean slow = false;
		// Counted here: the group may be offered meanwhile, and begin anew.
		for (int pulled = 1; pulled <= wanted && !slow; pulled++) {
			Pulled last = pullOne();
			if (last == Pulled.NOTHING) {
				return false;
			}
			if (last == Pulled.FIRST_OF_GROUP && pulled < wanted) {
				expectMore();
			}
			// After 1, 2, 4, 8, … inputs, because to read the clock takes as long as to
			// pull one; and when they came so slowly that a group was offered meanwhile.
			boolean look = last == Pulled.FIRST_OF_GROUP || Integer.bitCount(pulled) == 1;
			slow = look && this.chunk == 1 && this.dispatcher.scheduler().nanoTime() - begin > SLOW_PULL_NANOS;
		}
		return slow;
	}

	/** The next input may be long in coming. */
	private void expectMore() {
		if (this.dispatcher.admission().refusing()) {
			// Nobody else may come to offer it: the pool's threads may have ended.
			this.group.offer();
		}
		else {
			this.group.expectMore();
		}
	}

	/** The longer tasks take, the less it pays to gather them, and the smaller it is. */
	private int groupSize() {
		int window = this.dispatcher.crew().totalWindow() / Math.max(1, this.dispatcher.size());
		return Math.max(1, Math.min(LARGEST_GROUP, window / GROUPS_PER_WINDOW));
	}

	/** Pulls one input, unless there is none or the pool takes none. */
	private Pulled pullOne() {
		try {
			boolean more = this.inputs.hasNext();
			if (this.ended) {
				// That took so long that the consumer did not wait for it.
				return Pulled.NOTHING;
			}
			if (!more) {
				endWith(null);
				return Pulled.NOTHING;
			}
			RuntimeException refusal = this.dispatcher.admission().refusal();
			if (refusal != null) {
				endWith(refusal);
				return Pulled.NOTHING;
			}
			Object input = this.inputs.next();
			Map<String, String> context = this.capture.get();
			this.bound.pull();
			return this.group.add(input, context) ? Pulled.FIRST_OF_GROUP : Pulled.FURTHER;
		}
		catch (Throwable ex) {
			// Results that are under way are delivered first; then the consumer sees it.
			endWith(ex);
			return Pulled.NOTHING;
		}
	}

	private enum Pulled {

		/** There is no input, or the pool takes none. */
		NOTHING,

		/** An input the group begins with. */
		FIRST_OF_GROUP,

		/** An input that goes with others. */
		FURTHER

	}

}
