package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.vimap.imap.FinishedTask;
import io.vimap.pool.Attempt;
import io.vimap.pool.TaskOutcome;
import org.jspecify.annotations.Nullable;

/**
 * One input on its way. Belongs to whoever holds it: a queue or a session, under the
 * dispatcher's lock, and then its owner.
 */
final class Task implements FinishedTask {

	final @Nullable Object input;

	final TaskOwner owner;

	final TaskQueue queue;

	final Map<String, String> context;

	/** Set once, when it is accepted. */
	long id;

	/**
	 * Set once, when it is accepted: of elements of the same chunk the same; 0 for none.
	 */
	long chunk;

	/** Set once, when it is accepted. */
	long acceptedAt;

	/** Its number on the connection it was sent on last. */
	long number;

	/** Failed attempts; {@code null} while there is none. */
	@Nullable List<Attempt> attempts;

	TaskOutcome outcome = TaskOutcome.CANCELLED;

	@Nullable Object output;

	private @Nullable Supplier<? extends Throwable> makesFailure;

	/** Made when the owner asks for it. */
	private @Nullable Throwable failure;

	/** How long it ran in the worker that had it last. */
	long ranNanos;

	/** How long it ran in attempts before the last. */
	long lostNanos;

	/** Whether its queue has it. Guarded by the dispatcher's lock. */
	boolean waiting;

	/** Whether its owner has it. Guarded by the dispatcher's lock. */
	boolean finished;

	Task(@Nullable Object input, TaskOwner owner, TaskQueue queue, Map<String, String> context) {
		this.input = input;
		this.owner = owner;
		this.queue = queue;
		this.context = context;
	}

	void succeed(@Nullable Object value) {
		this.outcome = TaskOutcome.SUCCESS;
		this.output = value;
	}

	/**
	 * Notes that it has failed.
	 * @param how how it ended
	 * @param why makes its failure when its owner asks: an exception's message may be the
	 * work of a user's code, which must not run with the dispatcher's lock held
	 */
	void fail(TaskOutcome how, Supplier<? extends Throwable> why) {
		this.outcome = how;
		this.makesFailure = why;
	}

	@Override
	public @Nullable Object input() {
		return this.input;
	}

	@Override
	public @Nullable Object output() {
		return this.output;
	}

	@Override
	public @Nullable Throwable failure() {
		if (this.failure == null && this.makesFailure != null) {
			this.failure = this.makesFailure.get();
		}
		return this.failure;
	}

	/** Notes a failed attempt and returns all of them. */
	List<Attempt> failedAttempt(Attempt attempt) {
		if (this.attempts == null) {
			this.attempts = new ArrayList<>(2);
		}
		this.attempts.add(attempt);
		return this.attempts;
	}

}
