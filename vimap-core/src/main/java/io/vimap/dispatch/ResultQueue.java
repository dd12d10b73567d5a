package io.vimap.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.vimap.imap.ImapPlan;
import org.jspecify.annotations.Nullable;

/**
 * The results of one run that the consumer has not collected, in the order in which it is
 * to get them; and the place where it waits for more.
 */
final class ResultQueue implements TaskOwner {

	private final TaskDispatcher dispatcher;

	private final boolean inOrder;

	private final long timeoutNanos;

	private final String timeoutProperty;

	private final Runnable wake = this::wake;

	/** Unordered: those that are finished. Guarded by the dispatcher's lock. */
	private List<Task> finished = new ArrayList<>();

	/**
	 * Ordered: all that were accepted, oldest first. Guarded by the dispatcher's lock.
	 */
	private final Deque<Task> order = new ArrayDeque<>();

	/** Ordered: how many are finished. Guarded by the dispatcher's lock. */
	private int finishedInOrder;

	/** Guarded by the dispatcher's lock. */
	private boolean abandoned;

	/** The consumer, while it waits. */
	private volatile @Nullable Thread waiting;

	ResultQueue(TaskDispatcher dispatcher, ImapPlan<?, ?> plan) {
		this.dispatcher = dispatcher;
		this.inOrder = plan.inOrder();
		this.timeoutNanos = (plan.taskTimeout() != null) ? plan.taskTimeout().toNanos() : dispatcher.taskTimeoutNanos();
		this.timeoutProperty = (plan.taskTimeout() != null) ? "Imap.taskTimeout" : "task-timeout";
	}

	// The consumer

	/**
	 * Collects what is ready.
	 * @param into an empty list
	 * @return the list to read: the same one, or another that is the caller's from now on
	 */
	List<Task> collect(List<Task> into) {
		return this.dispatcher.locked(() -> {
			if (!this.inOrder) {
				List<Task> full = this.finished;
				this.finished = into;
				return full;
			}
			while (isFirstFinished()) {
				into.add(this.order.removeFirst());
				this.finishedInOrder--;
			}
			return into;
		});
	}

	/** The dispatcher's lock is held. */
	private boolean isFirstFinished() {
		Task first = this.order.peekFirst();
		return first != null && first.finished;
	}

	/** How many are finished and wait for a slower one before them. */
	int heldUp() {
		return this.dispatcher.locked(() -> this.finishedInOrder);
	}

	/**
	 * Waits until there is something to collect or somebody calls {@link #wake}; may
	 * return early.
	 * @param unless asked once this can be woken: whether not to wait
	 */
	void await(BooleanSupplier unless) {
		this.waiting = Thread.currentThread();
		try {
			if (this.dispatcher.locked(() -> this.finished.isEmpty() && !isFirstFinished()) && !unless.getAsBoolean()) {
				LockSupport.park(this);
			}
		}
		finally {
			this.waiting = null;
		}
	}

	/** Nobody reads any more. The dispatcher's lock is held. */
	void abandon() {
		this.abandoned = true;
		this.finished.clear();
		this.order.clear();
	}

	// Whoever has news

	/** Any thread. */
	void wake() {
		Thread thread = this.waiting;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
	}

	@Override
	public void poolChanged() {
		wake();
	}

	@Override
	public void accepted(Task task) {
		if (this.inOrder) {
			this.order.addLast(task);
		}
	}

	@Override
	public void finished(Task task, Turn turn) {
		if (this.abandoned) {
			return;
		}
		if (!this.inOrder) {
			this.finished.add(task);
		}
		else {
			this.finishedInOrder++;
			if (this.order.peekFirst() != task) {
				return;
			}
		}
		if (this.waiting != null) {
			turn.afterwards(this.wake);
		}
	}

	@Override
	public boolean abandoned() {
		return this.abandoned;
	}

	@Override
	public boolean unwanted() {
		return false;
	}

	@Override
	public long timeoutNanos() {
		return this.timeoutNanos;
	}

	@Override
	public String timeoutProperty() {
		return this.timeoutProperty;
	}

}
