package io.vimap.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.vimap.pool.TaskLocation;
import io.vimap.protocol.FrameSender;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;

/**
 * The tasks that were given to one worker and are still to be encoded. Any thread may be
 * the sender for a while (see {@link FrameSender}).
 */
final class TaskSender implements FrameSender.Source {

	/** How many tasks are encoded before the bytes are counted. */
	private static final int BATCH = 64;

	private final TaskDispatcher dispatcher;

	private final WorkerSession session;

	private final LargeValues large;

	/** In the order of their numbers. Guarded by itself. */
	private final Deque<Task> unsent = new ArrayDeque<>();

	/** Sender only. */
	private final List<Task> batch = new ArrayList<>(BATCH);

	/** Sender only: the number of the first task that is not on its way, 0 for none. */
	private long firstEncoded;

	/** Sender only. */
	private long lastEncoded;

	/** Sender only: when the first of them was. */
	private long encodedSince;

	/**
	 * The number of the last task that is on its way; the worker can't have begun one
	 * that came later. Written by the sender.
	 */
	private volatile long lastSent;

	/** Encoded bytes since the reader last asked. Sender and reader. */
	private final AtomicLong bytes = new AtomicLong();

	TaskSender(TaskDispatcher dispatcher, WorkerSession session, LargeValues large) {
		this.dispatcher = dispatcher;
		this.session = session;
		this.large = large;
	}

	/**
	 * Takes tasks to send. The dispatcher's lock is held.
	 * @return how many no sender has taken yet, these included
	 */
	int add(List<Task> tasks) {
		synchronized (this.unsent) {
			this.unsent.addAll(tasks);
			return this.unsent.size();
		}
	}

	/**
	 * Drops what no sender has taken yet. The dispatcher's lock is held.
	 * @return how many tasks that were
	 */
	int dropUnsent() {
		synchronized (this.unsent) {
			int count = this.unsent.size();
			this.unsent.clear();
			return count;
		}
	}

	/** Returns the bytes that were encoded since the last call. */
	long countBytes() {
		return this.bytes.getAndSet(0);
	}

	/** Whether a task is on its way, or with the worker. Any thread. */
	boolean hasSent(Task task) {
		return task.number <= this.lastSent;
	}

	@Override
	public boolean fill(PayloadBuffer out) {
		takeBatch();
		if (this.batch.isEmpty()) {
			return false;
		}
		if (this.firstEncoded == 0) {
			this.firstEncoded = this.batch.get(0).number;
			this.encodedSince = this.dispatcher.scheduler().nanoTime();
		}
		this.lastEncoded = this.batch.get(this.batch.size() - 1).number;
		encodeBatch(out);
		return true;
	}

	@Override
	public void sending() {
		if (this.dispatcher.scheduler().nanoTime() - this.encodedSince >= TaskDispatcher.SLOW_NANOS) {
			this.session.sentLate(this.firstEncoded);
		}
		this.lastSent = this.lastEncoded;
		this.firstEncoded = 0;
	}

	private void encodeBatch(PayloadBuffer out) {
		long length = 0;
		Map<Task, Throwable> unsendable = null;
		for (Task task : this.batch) {
			int at = out.size();
			try {
				Frames.beginTask(out, task.number, task.context);
				length += encode(task, out, at);
			}
			catch (Throwable ex) {
				// An Error of a codec too is the failure of this task, and nobody else's.
				out.truncate(at);
				unsendable = (unsendable != null) ? unsendable : new LinkedHashMap<>();
				unsendable.put(task, unsendable(task, ex));
			}
		}
		this.bytes.addAndGet(length);
		if (unsendable != null) {
			this.session.withdraw(unsendable);
		}
	}

	private void takeBatch() {
		this.batch.clear();
		synchronized (this.unsent) {
			Task task;
			while (this.batch.size() < BATCH && (task = this.unsent.pollFirst()) != null) {
				this.batch.add(task);
			}
		}
	}

	/** Returns how many bytes its input has. */
	private int encode(Task task, PayloadBuffer out, int at) throws Exception {
		int valueAt = out.size();
		Frames.value(out, this.dispatcher.inputs(), task.input, this.dispatcher.options().maxPayload());
		int length = Frames.endValue(out, at, valueAt, task.number, this.large.inputs());
		this.large.seen(length);
		return length;
	}

	private Throwable unsendable(Task task, Throwable problem) {
		return TaskFailures.unsendable(new TaskLocation(this.dispatcher.options().name(), -1, -1, task.id), task.input,
				problem);
	}

}
