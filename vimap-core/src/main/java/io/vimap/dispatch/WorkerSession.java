package io.vimap.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.PoolOptions;
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
import io.vimap.supervision.RemoteThrowables;
import io.vimap.supervision.WorkerLink;
import io.vimap.supervision.WorkerProcess;
import org.jspecify.annotations.Nullable;

/**
 * The conversation with one ready worker: sends tasks, as many as the window allows, and
 * matches the answers, which come in the same order. Its reader thread takes answers in;
 * any thread may be the sender for a while (see {@link FrameSender}).
 */
final class WorkerSession implements Conversation, FrameSender.Source {

	/** How many tasks are claimed at a time. */
	static final int BATCH = 64;

	/** What an unanswered interrupt is for. */
	private record Interrupt(long number, String why, boolean timeout, long since) {
	}

	private final TaskDispatcher dispatcher;

	private final WorkerProcess worker;

	private final FrameSender sender;

	private final int tasksAllowed;

	/** Sent and not answered, oldest first. Guarded by the dispatcher's lock. */
	private final ArrayDeque<Task> inFlight = new ArrayDeque<>();

	/** Guarded by the dispatcher's lock. */
	private final ServiceTime serviceTime = new ServiceTime();

	/** Guarded by the dispatcher's lock: how many tasks the worker may hold. */
	private int window;

	/** Guarded by the dispatcher's lock. */
	private long lastNumber;

	/** Guarded by the dispatcher's lock: since when the first task has been the first. */
	private long headSince;

	/** Guarded by the dispatcher's lock: no new tasks are sent. */
	private boolean retiring;

	/** Guarded by the dispatcher's lock: a RECALL has not been answered. */
	private boolean recalling;

	/** Guarded by the dispatcher's lock. */
	private boolean deadlineWatched;

	/** Guarded by the dispatcher's lock. */
	private @Nullable Interrupt interrupt;

	/** Guarded by the dispatcher's lock: the stack that answered the interrupt. */
	private @Nullable String stack;

	/** Guarded by the dispatcher's lock: tasks taken off the budget of max-tasks. */
	private int tasksClaimed;

	/** Guarded by the dispatcher's lock. */
	private boolean limitReported;

	/** Guarded by the dispatcher's lock. */
	private long tasksDone;

	/** Sender only. */
	private final List<Task> batch = new ArrayList<>(BATCH);

	/** Encoded bytes of inputs since the reader last asked. Sender and reader. */
	private final AtomicLong sentBytes = new AtomicLong();

	// Reader thread only: the answers of one read.

	private int answers;

	private long[] numbers = new long[64];

	private long[] nanos = new long[64];

	/** An output, or an {@link Answer} for a failure. */
	private @Nullable Object[] values = new Object[64];

	private long answerBytes;

	private record Answer(int kind, ExceptionContext context) {
	}

	WorkerSession(TaskDispatcher dispatcher, WorkerProcess worker) {
		this.dispatcher = dispatcher;
		this.worker = worker;
		WorkerLink link = worker.link();
		if (link == null) {
			throw new IllegalStateException(worker + " has no connection");
		}
		this.sender = link.sender();
		PoolOptions options = dispatcher.options();
		Integer prefetch = options.prefetch();
		this.window = 1 + ((prefetch != null) ? prefetch : this.serviceTime.prefetch());
		Integer most = options.maxTasksPerWorker();
		double early = options.jitter() * ThreadLocalRandom.current().nextDouble();
		this.tasksAllowed = (most != null) ? (int) Math.max(1, Math.round(most * (1 - early))) : Integer.MAX_VALUE;
		this.sender.source(this);
	}

	WorkerProcess worker() {
		return this.worker;
	}

	void pump() {
		this.sender.pump();
	}

	// Sending: the dispatcher's lock is held unless said otherwise

	int window() {
		return this.window;
	}

	int room() {
		if (this.retiring || this.recalling) {
			return 0;
		}
		return Math.min(this.window - this.inFlight.size(), this.tasksAllowed - this.tasksClaimed);
	}

	int held() {
		return this.inFlight.size();
	}

	long headSince() {
		return this.headSince;
	}

	/** Whether it holds something that can be taken back without dividing a chunk. */
	boolean holdsBehindChunk() {
		Iterator<Task> tasks = this.inFlight.iterator();
		if (!tasks.hasNext()) {
			return false;
		}
		long running = tasks.next().chunk;
		return tasks.hasNext() && (running == 0 || tasks.next().chunk != running);
	}

	boolean mayRecall() {
		return !this.recalling;
	}

	boolean holds(Task task) {
		return this.inFlight.contains(task);
	}

	boolean isFirst(Task task) {
		return this.inFlight.peekFirst() == task;
	}

	boolean holdsUnbegunOf(TaskOwner owner) {
		Iterator<Task> tasks = this.inFlight.iterator();
		if (tasks.hasNext()) {
			tasks.next();
		}
		while (tasks.hasNext()) {
			if (tasks.next().owner == owner) {
				return true;
			}
		}
		return false;
	}

	void claimed(List<Task> tasks) {
		if (this.inFlight.isEmpty() && !tasks.isEmpty()) {
			this.headSince = System.nanoTime();
		}
		for (Task task : tasks) {
			task.number = ++this.lastNumber;
			this.inFlight.addLast(task);
		}
		this.tasksClaimed += tasks.size();
		// Well before the limit, so that the successor is ready when it is reached.
		if (this.tasksClaimed >= this.tasksAllowed - this.tasksAllowed / 5 && !this.limitReported) {
			this.limitReported = true;
			this.worker.limitReached("max-tasks-per-worker (" + this.dispatcher.options().maxTasksPerWorker() + ")");
		}
		watchDeadline();
	}

	void takeAll(List<Task> target) {
		target.addAll(this.inFlight);
		this.inFlight.clear();
		this.retiring = true;
	}

	/** Sender; no lock is held. */
	@Override
	public boolean fill(PayloadBuffer out) {
		this.batch.clear();
		this.dispatcher.claim(this, this.batch);
		if (this.batch.isEmpty()) {
			return false;
		}
		int before = out.size();
		Map<Task, Throwable> unsendable = null;
		for (Task task : this.batch) {
			Throwable problem = encode(task, out);
			if (problem != null) {
				unsendable = (unsendable != null) ? unsendable : new LinkedHashMap<>();
				unsendable.put(task, problem);
			}
		}
		this.sentBytes.addAndGet(out.size() - before);
		if (unsendable != null) {
			withdraw(unsendable);
		}
		return true;
	}

	private @Nullable Throwable encode(Task task, PayloadBuffer out) {
		int at = Frames.beginTask(out, task.number, task.context);
		try {
			out.limitTo(this.dispatcher.options().maxPayload());
			this.dispatcher.inputs().encode(task.input, out);
			out.unlimit();
			Frames.end(out, at);
			return null;
		}
		catch (Throwable ex) {
			// An Error of a codec too is the failure of this task, and nobody else's.
			out.unlimit();
			out.truncate(at);
			return TaskFailures.unsendable(new TaskLocation(this.dispatcher.options().name(), -1, -1, task.id),
					task.input, ex);
		}
	}

	private void withdraw(Map<Task, Throwable> unsendable) {
		List<Task> failed = new ArrayList<>();
		this.dispatcher.lock.lock();
		try {
			unsendable.forEach((task, problem) -> {
				// Unless the worker has died meanwhile: then it is somebody else's by
				// now.
				if (this.inFlight.remove(task)) {
					task.fail(TaskOutcome.FAILURE, problem);
					failed.add(task);
				}
			});
			this.tasksClaimed -= failed.size();
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		this.dispatcher.deliver(failed);
		afterwards();
	}

	// Answers: reader thread

	@Override
	public void onFrame(FrameType type, FrameInput body) {
		switch (type) {
			case RESULT -> {
				long number = body.readLong();
				long ran = body.readLong();
				this.answerBytes += body.remaining();
				add(number, ran, decode(body));
			}
			case FAILURE -> {
				long number = body.readLong();
				long ran = body.readLong();
				int kind = body.readByte();
				add(number, ran, new Answer(kind, RemoteThrowables.decode(body)));
			}
			case RECALLED -> {
				onReadDone();
				recalled(body.readLong());
			}
			case STACK -> {
				onReadDone();
				onStack(body.readLong(), body.readText());
			}
			default -> throw new ProtocolException("a " + type + " about tasks");
		}
	}

	private @Nullable Object decode(FrameInput body) {
		try {
			return this.dispatcher.outputs().decode(body.array(), body.position(), body.remaining());
		}
		catch (Throwable ex) {
			return new Answer(TaskFailures.OUTPUT_UNREADABLE, ExceptionContext.of(ex));
		}
	}

	private void add(long number, long ran, @Nullable Object value) {
		int at = this.answers;
		if (at == this.numbers.length) {
			this.numbers = Arrays.copyOf(this.numbers, at * 2);
			this.nanos = Arrays.copyOf(this.nanos, at * 2);
			this.values = Arrays.copyOf(this.values, at * 2);
		}
		this.numbers[at] = number;
		this.nanos[at] = ran;
		this.values[at] = value;
		this.answers = at + 1;
	}

	@Override
	public void onReadDone() {
		int count = this.answers;
		if (count == 0) {
			return;
		}
		this.answers = 0;
		List<Task> done = new ArrayList<>(count);
		Interrupt late = null;
		String lateStack = "";
		this.dispatcher.lock.lock();
		try {
			long ran = match(count, done);
			Interrupt pending = this.interrupt;
			if (pending != null && !done.isEmpty() && done.get(done.size() - 1).number >= pending.number()) {
				late = (this.stack != null) ? pending : null;
				lateStack = (this.stack != null) ? this.stack : "";
				this.interrupt = null;
				this.stack = null;
			}
			if (!done.isEmpty()) {
				adapt(done.size(), ran);
			}
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		for (int i = 0; i < done.size(); i++) {
			Task task = done.get(i);
			Object value = this.values[i];
			this.values[i] = null;
			task.ranNanos = this.nanos[i];
			if (late != null && task.number == late.number() && late.timeout()) {
				this.dispatcher.timedOut(task, this.worker, System.nanoTime() - late.since(), lateStack, "");
			}
			else if (value instanceof Answer answer) {
				task.fail(TaskOutcome.FAILURE, TaskFailures.answered(this.dispatcher.location(task, this.worker),
						answer.kind(), answer.context()));
			}
			else {
				task.succeed(value);
			}
		}
		this.dispatcher.deliver(done);
		if (done.size() < count) {
			throw new ProtocolException(
					"an answer to task number " + this.numbers[done.size()] + ", which is not the one that runs");
		}
		afterwards();
	}

	/** Stops before the first answer that nobody waits for. The lock is held. */
	private long match(int count, List<Task> done) {
		long ran = 0;
		for (int i = 0; i < count; i++) {
			Task task = this.inFlight.peekFirst();
			if (task == null || task.number != this.numbers[i]) {
				break;
			}
			this.inFlight.removeFirst();
			done.add(task);
			ran += this.nanos[i];
		}
		this.tasksDone += done.size();
		this.headSince = System.nanoTime();
		return ran;
	}

	/** The lock is held. */
	private void adapt(int count, long ran) {
		long bytes = this.answerBytes + this.sentBytes.getAndSet(0);
		this.answerBytes = 0;
		this.serviceTime.add(count, ran, bytes);
		if (this.dispatcher.options().prefetch() == null) {
			int before = this.window;
			this.window = 1 + this.serviceTime.prefetch();
			this.dispatcher.windowChanged(this.window - before);
		}
	}

	/** There may be room now; and a retiring worker may have nothing left to do. */
	private void afterwards() {
		pump();
		boolean drained;
		this.dispatcher.lock.lock();
		try {
			drained = this.retiring && this.inFlight.isEmpty() && !this.recalling;
			watchDeadline();
			if (this.inFlight.isEmpty()) {
				this.dispatcher.rebalanceSoon();
			}
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		if (drained) {
			this.worker.drained();
		}
	}

	/** Takes in what a dead worker had finished and not sent. Nobody reads any more. */
	void recover(@Nullable Outbox outbox) {
		WorkerLink link = this.worker.link();
		InboundBuffer inbound = (link != null) ? link.inbound() : null;
		if (outbox == null || inbound == null) {
			return;
		}
		try {
			outbox.recoverInto(inbound);
			FrameInput input = new FrameInput();
			FrameType type;
			while ((type = inbound.next(input)) != null) {
				if (type == FrameType.RESULT || type == FrameType.FAILURE) {
					onFrame(type, input);
				}
			}
			onReadDone();
		}
		catch (ProtocolException ex) {
			// It died of that, or amid a frame: what could be read has been read.
			this.answers = 0;
		}
	}

	// Taking back

	/** No lock is held. */
	void recall() {
		this.dispatcher.lock.lock();
		try {
			if (this.recalling || this.inFlight.size() < 2) {
				return;
			}
			this.recalling = true;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		PayloadBuffer out = new PayloadBuffer(16);
		Frames.bare(out, FrameType.RECALL);
		this.sender.send(out);
	}

	private void recalled(long first) {
		List<Task> back = new ArrayList<>();
		this.dispatcher.lock.lock();
		try {
			if (!this.recalling) {
				throw new ProtocolException("tasks given back that nobody has asked for");
			}
			this.recalling = false;
			Task last;
			while (first != 0 && (last = this.inFlight.peekLast()) != null && last.number >= first) {
				back.add(this.inFlight.removeLast());
			}
			this.tasksClaimed -= back.size();
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		this.dispatcher.deliver(back);
		this.dispatcher.pumpForWaiting();
		afterwards();
		interruptIfUnwanted();
	}

	/** Takes nothing new, gives back what has not begun. No lock is held. */
	void retire() {
		this.dispatcher.lock.lock();
		try {
			this.retiring = true;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		recall();
		afterwards();
	}

	// Deadlines

	/** The lock is held. */
	private void watchDeadline() {
		Task first = this.inFlight.peekFirst();
		if (first == null || this.deadlineWatched || first.owner.timeoutNanos() == 0) {
			return;
		}
		this.deadlineWatched = true;
		long left = this.headSince + first.owner.timeoutNanos() - System.nanoTime();
		this.dispatcher.after(Math.max(0, left), this::checkDeadline);
	}

	private void checkDeadline() {
		Task late = null;
		this.dispatcher.lock.lock();
		try {
			this.deadlineWatched = false;
			Task first = this.inFlight.peekFirst();
			if (first != null && first.owner.timeoutNanos() > 0
					&& System.nanoTime() - this.headSince >= first.owner.timeoutNanos()) {
				late = first;
			}
			else {
				watchDeadline();
			}
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		if (late != null) {
			interrupt(late, late.owner.timeoutProperty());
		}
	}

	/** Interrupts the task that runs if its caller has cancelled it. No lock is held. */
	void interruptIfUnwanted() {
		Task first;
		this.dispatcher.lock.lock();
		try {
			first = this.inFlight.peekFirst();
			if (first == null || !first.owner.unwanted()) {
				return;
			}
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		interrupt(first, "cancelled by its caller");
	}

	/** Interrupts a task and kills the worker if that does not help. No lock is held. */
	private void interrupt(Task task, String why) {
		this.dispatcher.lock.lock();
		try {
			if (this.inFlight.peekFirst() != task || this.interrupt != null) {
				return;
			}
			this.interrupt = new Interrupt(task.number, why, !task.owner.abandoned(), this.headSince);
			this.stack = null;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		PayloadBuffer out = new PayloadBuffer(16);
		Frames.number(out, FrameType.INTERRUPT, task.number);
		this.sender.send(out);
		this.dispatcher.after(this.dispatcher.options().killGrace().toNanos(), () -> killIfStill(task));
	}

	private void killIfStill(Task task) {
		String why;
		this.dispatcher.lock.lock();
		try {
			Interrupt pending = this.interrupt;
			if (pending == null || this.inFlight.peekFirst() != task || pending.number() != task.number) {
				return;
			}
			why = pending.why();
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		this.worker.overdue("task " + task.id + " did not end within kill-grace ("
				+ this.dispatcher.options().killGrace().toMillis() + " ms) after it was interrupted (" + why + ")");
	}

	private void onStack(long number, String text) {
		this.dispatcher.lock.lock();
		try {
			if (this.interrupt != null && this.interrupt.number() == number) {
				if (text.isEmpty()) {
					// It had ended by itself, and its answer is under way; or it had not
					// begun, and its time begins now.
					this.interrupt = null;
					askAgain(number);
				}
				else {
					this.stack = text;
				}
			}
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	/** The lock is held. */
	private void askAgain(long number) {
		Task first = this.inFlight.peekFirst();
		if (first == null || first.number != number) {
			return;
		}
		this.headSince = System.nanoTime();
		watchDeadline();
		if (first.owner.unwanted()) {
			this.dispatcher.after(TaskDispatcher.SLOW_NANOS, this::interruptIfUnwanted);
		}
	}

	/** Judges the task that was running when this worker was killed at its deadline. */
	void overdue(Task task, WorkerExit exit) {
		long since;
		String text;
		this.dispatcher.lock.lock();
		try {
			since = (this.interrupt != null) ? this.interrupt.since() : this.headSince;
			text = (this.stack != null) ? this.stack : "";
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		this.dispatcher.timedOut(task, this.worker, System.nanoTime() - since, text, ", then killed: " + exit.status());
	}

	// Figures for the supervisor: any thread

	@Override
	public int inFlight() {
		this.dispatcher.lock.lock();
		try {
			return this.inFlight.size();
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	@Override
	public long tasksDone() {
		this.dispatcher.lock.lock();
		try {
			return this.tasksDone;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	@Override
	public @Nullable Long taskId(long number) {
		this.dispatcher.lock.lock();
		try {
			for (Task task : this.inFlight) {
				if (number == 0 || task.number == number) {
					return task.id;
				}
			}
			return null;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	@Override
	public long runningNanos() {
		this.dispatcher.lock.lock();
		try {
			return this.inFlight.isEmpty() ? -1 : System.nanoTime() - this.headSince;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

}
