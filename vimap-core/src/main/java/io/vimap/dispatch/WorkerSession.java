package io.vimap.dispatch;

import java.util.List;
import java.util.Map;

import io.vimap.pool.TaskLocation;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameSender;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ProtocolException;
import io.vimap.supervision.Conversation;
import io.vimap.supervision.ReadyWorker;
import io.vimap.supervision.WorkerLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conversation with one ready worker: gives it tasks, as many as its
 * {@link TaskWindow} allows, and matches the answers, which come in the same order. Its
 * reader thread takes answers in; {@link TaskSender} sends the tasks.
 */
final class WorkerSession implements Conversation {

	private static final Logger logger = LoggerFactory.getLogger(WorkerSession.class);

	/** Whether the worker takes tasks. */
	private enum State {

		/** It does. */
		OPEN,
		/** It gives back what it has not begun and finishes what it has. */
		RETIRING,
		/** It holds nothing any more, and the supervisor knows. */
		DRAINED,
		/** It is dead. */
		GONE

	}

	private final TaskDispatcher dispatcher;

	private final ReadyWorker worker;

	private final FrameSender sender;

	private final InboundBuffer inbound;

	private final LargeValues large;

	private final TaskSender tasks;

	/** Reader thread only. */
	private final AnswerBatch answers;

	// The rest is guarded by the dispatcher's lock.

	private State state = State.OPEN;

	private final TaskWindow window;

	private final TaskWatch watch;

	/** A RECALL has not been answered. */
	private boolean recalling;

	private long tasksDone;

	/** Whether the supervisor wants to know of the next answer. */
	private boolean tellsWhenWorked;

	/** The turn in which this was touched last. */
	private @Nullable Turn touchedIn;

	WorkerSession(TaskDispatcher dispatcher, ReadyWorker worker) {
		this.dispatcher = dispatcher;
		this.worker = worker;
		WorkerLink link = worker.link();
		if (link == null) {
			throw new IllegalStateException(worker + " has no connection");
		}
		this.sender = link.sender();
		this.inbound = link.inbound();
		this.large = new LargeValues(worker, link);
		this.answers = new AnswerBatch(dispatcher.outputs(), this.large);
		this.tasks = new TaskSender(dispatcher, this, this.large);
		this.watch = new TaskWatch(dispatcher, this);
		this.window = new TaskWindow(dispatcher.options());
		this.sender.source(this.tasks);
	}

	ReadyWorker worker() {
		return this.worker;
	}

	/** No lock is held. */
	void pump() {
		this.sender.pump();
	}

	/** No lock is held. */
	void send(PayloadBuffer frame) {
		this.sender.send(frame);
	}

	// What it holds: the dispatcher's lock is held

	TaskWindow window() {
		return this.window;
	}

	TaskWatch watch() {
		return this.watch;
	}

	/** How many more tasks it may get. */
	int room() {
		return (this.state == State.OPEN && !this.recalling && !this.watch.isStraggler(this.window.first()))
				? this.window.room() : 0;
	}

	/** Whether it runs a task that is not known to be a straggler. */
	boolean mayStraggle() {
		return !this.window.isEmpty() && !this.watch.isStraggler(this.window.first());
	}

	/** Whether it holds something that can be taken back without dividing a chunk. */
	boolean isRecallable() {
		return !this.recalling && this.window.isDivisible();
	}

	/** Whether this is the first time in this turn. */
	boolean touchedIn(Turn turn) {
		boolean first = this.touchedIn != turn;
		this.touchedIn = turn;
		return first;
	}

	/**
	 * Gives it tasks, for which it has room. While it works on quick ones, they are not
	 * sent before its next answer, which is near: then they go together with what others
	 * have brought meanwhile.
	 */
	void give(List<Task> given, Turn turn) {
		boolean limitNear = this.window.add(given);
		boolean othersAreUnderWay = this.tasks.add(given) < this.window.held();
		if (!this.window.isQuick() || !othersAreUnderWay) {
			turn.sends(this);
		}
		turn.touch(this);
		if (limitNear) {
			String limit = "max-tasks-per-worker (" + this.dispatcher.options().maxTasksPerWorker() + ")";
			turn.afterwards(() -> this.worker.limitReached(limit));
		}
	}

	/** At the end of a turn that has touched this. */
	void settle(Turn turn) {
		this.watch.watch(this.window.first(), turn);
		if (this.window.isEmpty() && !this.recalling) {
			if (this.state == State.RETIRING) {
				this.state = State.DRAINED;
				turn.afterwards(this.worker::drained);
			}
			this.dispatcher.rebalancing().plan();
		}
		if (mayStraggle()) {
			this.dispatcher.rebalancing().watch();
		}
	}

	/** These can't be encoded. Sender; no lock is held. */
	void withdraw(Map<Task, Throwable> unsendable) {
		try (Turn turn = this.dispatcher.begin()) {
			turn.touch(this);
			unsendable.forEach((task, problem) -> {
				// Unless the worker has died meanwhile: then it is somebody else's by
				// now.
				if (this.window.withdraw(task)) {
					task.fail(TaskOutcome.FAILURE, () -> problem);
					this.dispatcher.finish(task, turn);
				}
			});
		}
	}

	/**
	 * To encode the tasks from this number on has taken long: the time of the one that
	 * the worker runs, if it is one of them, begins now. Sender; no lock is held.
	 */
	void sentLate(long number) {
		try (Turn turn = this.dispatcher.begin()) {
			turn.touch(this);
			this.watch.sentLate(number);
		}
	}

	/** Whether a task is on its way, or with the worker. */
	boolean hasSent(Task task) {
		return this.tasks.hasSent(task);
	}

	// What the worker says: reader thread

	@Override
	public void onFrame(FrameType type, FrameInput body) {
		switch (type) {
			case RESULT -> this.answers.addResult(body);
			case FAILURE -> this.answers.addFailure(body);
			case RECALLED -> {
				onReadDone();
				long first = body.readLong();
				body.expectEnd();
				onRecalled(first);
			}
			case MAPPED -> {
				body.expectEnd();
				this.large.mapped();
			}
			case STACK -> {
				onReadDone();
				onStack(body.readLong(), body.readText());
			}
			default -> throw new ProtocolException("a " + type + " about tasks");
		}
	}

	@Override
	public void onReadDone() {
		if (this.answers.size() == 0) {
			return;
		}
		try (Turn turn = this.dispatcher.begin()) {
			turn.touch(this);
			match(turn);
		}
		finally {
			this.answers.clear();
		}
	}

	/** Takes answers up to the first that nobody waits for. The lock is held. */
	private void match(Turn turn) {
		int count = this.answers.size();
		int matched = 0;
		long ran = 0;
		Task first;
		while (matched < count && (first = this.window.first()) != null
				&& first.number == this.answers.number(matched)) {
			this.window.removeFirst();
			ran += this.answers.nanos(matched);
			answered(first, matched, turn);
			matched++;
		}
		turn.sends(this);
		if (matched > 0) {
			this.tasksDone += matched;
			if (this.tellsWhenWorked) {
				this.tellsWhenWorked = false;
				turn.afterwards(this.worker::worked);
			}
			this.large.answered(this.answers.number(matched - 1));
			adapt(matched, ran);
		}
		if (matched < count) {
			throw new ProtocolException(
					"an answer to task number " + this.answers.number(matched) + ", which is not the one that runs");
		}
	}

	private void answered(Task task, int at, Turn turn) {
		task.ranNanos = this.answers.nanos(at);
		Object value = this.answers.value(at);
		if (this.watch.hasInterrupted(task)) {
			this.dispatcher.interrupted(task, this, "", turn);
			return;
		}
		if (value instanceof AnswerBatch.Failed failed) {
			TaskLocation where = location(task);
			task.fail(TaskOutcome.FAILURE, () -> TaskFailures.answered(where, failed.kind(), failed.context()));
		}
		else {
			task.succeed(value);
		}
		this.dispatcher.finish(task, turn);
	}

	/** The lock is held. */
	private void adapt(int count, long ran) {
		long bytes = this.answers.bytes() + this.tasks.countBytes();
		this.dispatcher.crew().windowChanged(this.window.adapt(count, ran, bytes));
	}

	private void onRecalled(long first) {
		try (Turn turn = this.dispatcher.begin()) {
			turn.touch(this);
			if (!this.recalling) {
				throw new ProtocolException("tasks given back that nobody has asked for");
			}
			this.recalling = false;
			Task last;
			while (first != 0 && (last = this.window.last()) != null && last.number >= first) {
				giveBackLast(turn);
			}
		}
	}

	private void giveBackLast(Turn turn) {
		this.dispatcher.again(this.window.giveBackLast(), turn);
	}

	private void onStack(long number, String text) {
		try (Turn turn = this.dispatcher.begin()) {
			turn.touch(this);
			this.watch.onStack(number, text);
		}
	}

	// Taking back: the dispatcher's lock is held

	/** Takes back what was not sent, and asks for what has not been begun. */
	void recall(Turn turn) {
		if (this.recalling) {
			return;
		}
		turn.touch(this);
		for (int i = this.tasks.dropUnsent(); i > 0; i--) {
			giveBackLast(turn);
		}
		if (this.window.held() > 1) {
			this.recalling = true;
			PayloadBuffer out = new PayloadBuffer(16);
			Frames.bare(out, FrameType.RECALL);
			turn.afterwards(() -> send(out));
		}
	}

	/** The task it runs takes much longer than others: it gets no more until it ends. */
	void straggles(Turn turn) {
		this.watch.straggles();
		if (isRecallable()) {
			recall(turn);
		}
	}

	/** Takes tasks beyond its limit, until it is told to retire. */
	void workOn(Turn turn) {
		this.window.workOn();
		turn.touch(this);
	}

	/** Takes nothing new, gives back what has not begun. */
	void retire(Turn turn) {
		this.state = State.RETIRING;
		recall(turn);
		turn.touch(this);
	}

	/** The worker is dead, and its connection has been read to the end. */
	void gone() {
		this.state = State.GONE;
		this.recalling = false;
		this.tasks.dropUnsent();
	}

	/** Takes in what a dead worker had finished and not sent. Nobody reads any more. */
	void recover(Outbox outbox) {
		try {
			takeAnswers(outbox);
		}
		catch (ProtocolException ex) {
			logger.debug("{} left something that is no answer", this.worker, ex);
		}
	}

	private void takeAnswers(Outbox outbox) {
		try {
			outbox.recoverInto(this.inbound);
			FrameInput input = new FrameInput();
			FrameType type;
			while ((type = this.inbound.next(input)) != null) {
				if (type == FrameType.RESULT || type == FrameType.FAILURE) {
					onFrame(type, input);
				}
			}
		}
		finally {
			// If it died amid a frame, or of nonsense: what is complete before that
			// counts.
			onReadDone();
		}
	}

	TaskLocation location(Task task) {
		return new TaskLocation(this.dispatcher.options().name(), this.worker.index(), this.worker.pid(), task.id);
	}

	// For the supervisor: any thread

	@Override
	public void tellWhenWorked() {
		this.dispatcher.locked(() -> this.tellsWhenWorked = true);
	}

	@Override
	public int inFlight() {
		return this.dispatcher.locked(this.window::held);
	}

	@Override
	public long tasksDone() {
		return this.dispatcher.locked(() -> this.tasksDone);
	}

	@Override
	public @Nullable Long taskId(long number) {
		return this.dispatcher.locked(() -> {
			Task task = (number == 0) ? this.window.first() : this.window.ofNumber(number);
			return (task != null) ? task.id : null;
		});
	}

	@Override
	public long runningNanos() {
		return this.dispatcher.locked(() -> this.window.isEmpty() ? -1 : this.watch.nanos());
	}

}
