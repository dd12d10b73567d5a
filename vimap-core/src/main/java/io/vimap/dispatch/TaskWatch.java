package io.vimap.dispatch;

import java.time.Duration;

import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.supervision.Standstill;
import org.jspecify.annotations.Nullable;

/**
 * Watches the task that one worker runs, its first unanswered one: at its deadline, or
 * when its caller has cancelled it, the task is interrupted; if that does not help, its
 * process is killed. {@link #advance} is the state machine. Guarded by the dispatcher's
 * lock.
 */
final class TaskWatch {

	/** What has been done about the task. */
	enum State {

		/** There is none. */
		IDLE,
		/** Its time is running. */
		WATCHED,
		/** INTERRUPT has been sent; the child has not answered. */
		INTERRUPTED,
		/** The child has interrupted it and told its stack; it has not ended. */
		ENDING,
		/** The supervisor has been told to kill the process. */
		KILLED;

		private boolean mayBecome(State next) {
			return switch (next) {
				// The task has ended; or, INTERRUPTED → WATCHED, it had not begun.
				case IDLE, WATCHED -> true;
				case INTERRUPTED -> this == WATCHED;
				case ENDING -> this == INTERRUPTED;
				case KILLED -> this == INTERRUPTED || this == ENDING;
			};
		}

	}

	/**
	 * The least time that a process has to answer an INTERRUPT, however short
	 * {@code kill-grace} is: on a busy machine it has to wait for its turn before it can
	 * tell where its task was, and without that nobody learns why it was killed.
	 */
	private static final long ANSWER_NANOS = 1_000_000_000;

	private final TaskDispatcher dispatcher;

	private final WorkerSession session;

	private State state = State.IDLE;

	private @Nullable Task task;

	/** Its number: a task that is tried again by the same worker has another one. */
	private long number;

	/** Since when the task has been the first, and on its way. */
	private long since;

	/** The number of the last task that was a straggler, 0 if there was none. */
	private long straggler;

	/** The child had not begun it when it was interrupted: not again at once. */
	private boolean early;

	/** Since when it has its grace: the INTERRUPT, then the child's answer. */
	private long graceSince;

	/** It has got more grace because this process had not looked in time. */
	private boolean gotMore;

	/** Why it was interrupted. */
	private String why = "";

	/** Where it was when it was interrupted. */
	private String stack = "";

	/**
	 * An alarm is set for {@link #alarmAt}. It is not moved for each task, but looks when
	 * it rings.
	 */
	private boolean alarmSet;

	private long alarmAt;

	TaskWatch(TaskDispatcher dispatcher, WorkerSession session) {
		this.dispatcher = dispatcher;
		this.session = session;
	}

	State state() {
		return this.state;
	}

	/** Since when the task has been the first, and on its way. */
	long since() {
		return this.since;
	}

	/** How long the task has been the first. */
	long nanos() {
		return this.dispatcher.scheduler().nanoTime() - this.since;
	}

	/** The task takes much longer than others. */
	void straggles() {
		this.straggler = this.number;
	}

	/** Whether this task is known to be a straggler: nothing is to wait behind it. */
	boolean isStraggler(@Nullable Task candidate) {
		return this.straggler != 0 && candidate != null && candidate.number == this.straggler;
	}

	/** Whether the task has been interrupted, as it has confirmed. */
	boolean hasInterrupted(Task candidate) {
		return candidate == this.task && !this.stack.isEmpty();
	}

	/** Whether the process is being killed because of this task, and not another one. */
	boolean hasKilledOver(Task candidate) {
		return candidate == this.task && this.state == State.KILLED;
	}

	/** Where the task was when it was interrupted, empty if that is not known. */
	String stackOf(Task candidate) {
		return (candidate == this.task) ? this.stack : "";
	}

	/**
	 * The session has changed, or an alarm has rung.
	 * @param first the first unanswered task, {@code null} if there is none
	 * @param turn the turn
	 */
	void watch(@Nullable Task first, Turn turn) {
		if (first != this.task || first != null && first.number != this.number) {
			this.task = first;
			this.number = (first != null) ? first.number : 0;
			this.stack = "";
			this.early = false;
			become((first != null) ? State.WATCHED : State.IDLE);
			this.since = (first != null) ? this.dispatcher.scheduler().nanoTime() : 0;
		}
		if (first != null) {
			advance(first, turn);
		}
	}

	private void become(State next) {
		if (!this.state.mayBecome(next)) {
			throw new IllegalStateException("a watch can't go from " + this.state + " to " + next);
		}
		this.state = next;
	}

	/** Goes as far as the time has come, and sees to it that it goes on from there. */
	private void advance(Task first, Turn turn) {
		switch (this.state) {
			case WATCHED -> {
				if (isOver(this.since, limitOf(first))) {
					if (this.session.hasSent(first)) {
						interrupt(first, turn);
					}
					else {
						notBegun();
						setAlarm(this.since, limitOf(first));
					}
				}
			}
			case INTERRUPTED -> {
				if (isGraceOver(answerNanos())) {
					kill("its process did not answer within " + Duration.ofNanos(answerNanos()).toMillis()
							+ " ms when it was asked to interrupt task " + first.id, turn);
				}
			}
			case ENDING -> {
				Duration grace = this.dispatcher.options().killGrace();
				if (isGraceOver(grace.toNanos())) {
					kill("task " + first.id + " did not end within kill-grace (" + grace.toMillis()
							+ " ms) after it was interrupted", turn);
				}
			}
			case IDLE, KILLED -> {
			}
		}
	}

	/** Its input is being encoded, or still on its way: its time begins anew. */
	private void notBegun() {
		this.early = true;
		this.since = this.dispatcher.scheduler().nanoTime();
	}

	/**
	 * To encode the tasks from this number on has taken long, and none of them can have
	 * begun before.
	 */
	void sentLate(long from) {
		if (this.state == State.WATCHED && this.number >= from) {
			this.since = this.dispatcher.scheduler().nanoTime();
		}
	}

	/** Nanoseconds after which a task is interrupted, −1 for never. */
	private long limitOf(Task first) {
		if (first.owner.unwanted()) {
			return this.early ? TaskDispatcher.SLOW_NANOS : 0;
		}
		return (first.owner.timeoutNanos() > 0) ? first.owner.timeoutNanos() : -1;
	}

	private boolean isOver(long begin, long limit) {
		if (limit < 0) {
			return false;
		}
		long now = this.dispatcher.scheduler().nanoTime();
		long left = limit - (now - begin);
		if (left > 0) {
			setAlarm(now, left);
		}
		return left <= 0;
	}

	private void beginGrace() {
		this.graceSince = this.dispatcher.scheduler().nanoTime();
		this.gotMore = false;
	}

	private boolean isGraceOver(long nanos) {
		if (!this.gotMore) {
			long late = this.dispatcher.scheduler().nanoTime() - this.graceSince - nanos;
			long extra = Standstill.extraNanos(late, nanos);
			this.gotMore = extra > 0;
			this.graceSince += this.gotMore ? late + extra : 0;
		}
		return isOver(this.graceSince, nanos);
	}

	/** Sees to it that this goes on, so many nanoseconds from now. */
	private void setAlarm(long now, long nanos) {
		long at = now + nanos;
		if (!this.alarmSet || at - this.alarmAt < 0) {
			this.alarmSet = true;
			this.alarmAt = at;
			this.dispatcher.scheduler().after(nanos, () -> ring(at));
		}
	}

	private void ring(long at) {
		try (Turn turn = this.dispatcher.begin()) {
			this.alarmSet &= this.alarmAt != at;
			turn.touch(this.session);
		}
	}

	private void interrupt(Task first, Turn turn) {
		become(State.INTERRUPTED);
		beginGrace();
		this.why = first.owner.unwanted() ? "cancelled by its caller" : first.owner.timeoutProperty();
		PayloadBuffer out = new PayloadBuffer(16);
		Frames.number(out, FrameType.INTERRUPT, first.number);
		turn.afterwards(() -> this.session.send(out));
		setAlarm(this.graceSince, answerNanos());
	}

	private void kill(String detail, Turn turn) {
		become(State.KILLED);
		String reason = detail + " (" + this.why + ")";
		turn.afterwards(() -> this.session.worker().overdue(reason));
	}

	private long answerNanos() {
		return Math.max(this.dispatcher.options().killGrace().toNanos(), ANSWER_NANOS);
	}

	/**
	 * The child has answered an INTERRUPT.
	 * @param number the number of the task it was about
	 * @param text its stack, empty if it does not run: it had ended by itself, and its
	 * answer is under way; or it had not begun, and its time begins now
	 */
	void onStack(long number, String text) {
		if (this.task == null || this.task.number != number) {
			return;
		}
		if (this.state == State.INTERRUPTED && text.isEmpty()) {
			become(State.WATCHED);
			notBegun();
		}
		else if (this.state == State.INTERRUPTED) {
			become(State.ENDING);
			this.stack = text;
			// The task's own time to end begins now, however late its process came to it.
			beginGrace();
		}
		else if (this.state == State.KILLED) {
			this.stack = text;
		}
	}

}
