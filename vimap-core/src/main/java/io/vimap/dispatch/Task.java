package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.vimap.imap.FinishedTask;
import io.vimap.pool.Attempt;
import io.vimap.pool.TaskOutcome;
import org.jspecify.annotations.Nullable;

/**
 * One input on its way. Belongs to whoever holds it: a queue or a session (under the
 * dispatcher's lock), a reader thread between taking it out of the session and handing it
 * to its owner, and then the owner.
 */
final class Task implements FinishedTask {

	final long id;

	final @Nullable Object input;

	final TaskOwner owner;

	final TaskQueue queue;

	final Map<String, String> context;

	final long acceptedAt;

	/** Its number on the connection it was sent on last. */
	long number;

	/** Elements of the same chunk have the same number; 0 for none. */
	long chunk;

	/** Failed attempts; {@code null} while there is none. */
	@Nullable List<Attempt> attempts;

	TaskOutcome outcome = TaskOutcome.CANCELLED;

	@Nullable Object output;

	@Nullable Throwable failure;

	/** How long it ran in the worker that answered. */
	long ranNanos;

	boolean finished;

	Task(long id, @Nullable Object input, TaskOwner owner, TaskQueue queue, Map<String, String> context,
			long acceptedAt) {
		this.id = id;
		this.input = input;
		this.owner = owner;
		this.queue = queue;
		this.context = context;
		this.acceptedAt = acceptedAt;
	}

	void succeed(@Nullable Object value) {
		this.outcome = TaskOutcome.SUCCESS;
		this.output = value;
	}

	void fail(TaskOutcome how, Throwable why) {
		this.outcome = how;
		this.failure = why;
	}

	/** Notes a failed attempt and returns all of them. */
	List<Attempt> failedAttempt(Attempt attempt) {
		if (this.attempts == null) {
			this.attempts = new ArrayList<>(2);
		}
		this.attempts.add(attempt);
		return this.attempts;
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
		return this.failure;
	}

}
