package io.vimap.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.vimap.imap.ImapPlan;
import io.vimap.imap.ImapResults;
import org.jspecify.annotations.Nullable;

/**
 * One run of inputs through a pool, read by one thread at a time: the consumer. Inputs
 * are pulled on the consumer's thread, or by an {@link InputFeeder}, and only while fewer
 * than {@link #limit} of them are between pulled and taken.
 */
final class ImapRun implements ImapResults, TaskOwner {

	/** Inputs are offered to the workers in groups of at most so many. */
	private static final int GROUP = 128;

	/** An input that took longer to pull than this is offered at once. */
	private static final long SLOW_PULL_NANOS = 20_000;

	/** How long a worker may be short of work because gathering inputs is cheaper. */
	private static final long PATIENCE_NANOS = 100_000;

	private final ImapPlan<?, ?> plan;

	private final TaskDispatcher dispatcher;

	/** Used by whoever pulls. */
	private final Iterator<?> inputs;

	/** Pulls the inputs, {@code null} if the consumer does. */
	private final @Nullable InputFeeder feeder;

	private final TaskQueue queue;

	private final InputGroup group;

	private final long timeoutNanos;

	private final Runnable wake = this::wake;

	/** Unordered: finished and not taken. Guarded by the dispatcher's lock. */
	private ArrayList<Task> finished = new ArrayList<>();

	/**
	 * Ordered: all that were accepted, oldest first. Guarded by the dispatcher's lock.
	 */
	private final Deque<Task> order = new ArrayDeque<>();

	/** Ordered: how many are finished. Guarded by the dispatcher's lock. */
	private int finishedAhead;

	/** Guarded by the dispatcher's lock. */
	private boolean abandoned;

	/** The consumer, while it waits. */
	private volatile @Nullable Thread waiting;

	/** Written by whoever pulls. */
	private final AtomicLong pulled = new AtomicLong();

	/** Written by the consumer. */
	private final AtomicLong taken = new AtomicLong();

	/** Written by whoever pulls: there is no next input. */
	private volatile boolean inputEnded;

	/** Written by whoever pulls: the iterator has thrown. */
	private volatile @Nullable Throwable inputFailure;

	/** The bound in force. Written by the consumer. */
	private volatile int limit;

	// Consumer only.

	private ArrayList<Task> batch = new ArrayList<>();

	private int next;

	/** Results handed to the consumer that it may still be busy with: 0 or 1. */
	private int handedOver;

	private long lastRefill;

	ImapRun(ImapPlan<?, ?> plan, TaskDispatcher dispatcher, Iterator<?> inputs) {
		this.plan = plan;
		this.dispatcher = dispatcher;
		this.inputs = inputs;
		this.queue = new TaskQueue(plan.chunk());
		this.group = new InputGroup(this, this.queue, this.dispatcher);
		this.timeoutNanos = (plan.taskTimeout() != null) ? plan.taskTimeout().toNanos()
				: this.dispatcher.taskTimeoutNanos();
		this.limit = (plan.bound() != null) ? plan.bound() : smallestLimit();
		Executor executor = plan.feeder();
		this.feeder = (executor != null) ? new InputFeeder(this, inputs) : null;
		if (executor != null) {
			executor.execute(this.feeder);
		}
		dispatcher.register(this);
	}

	// Reading: the consumer's thread

	@Override
	public @Nullable Task next() throws InterruptedException {
		acknowledge();
		while (true) {
			if (this.next < this.batch.size()) {
				return take();
			}
			if (collect()) {
				continue;
			}
			if (this.feeder == null && refill()) {
				continue;
			}
			if (this.inputEnded && this.pulled.get() == this.taken.get()) {
				if (collect()) {
					continue;
				}
				return null;
			}
			await();
		}
	}

	@Override
	public @Nullable Throwable failure() {
		return this.inputFailure;
	}

	@Override
	public long pulled() {
		return this.pulled.get();
	}

	private Task take() {
		Task task = this.batch.get(this.next++);
		if (this.feeder == null && shouldRefill()) {
			refill();
		}
		this.handedOver = 1;
		return task;
	}

	/**
	 * The consumer has come back, so it has taken what was handed over: only now is there
	 * room for another input. Any sooner, one more than the bound would be under way.
	 */
	private void acknowledge() {
		if (this.handedOver > 0) {
			this.taken.lazySet(this.taken.get() + this.handedOver);
			this.handedOver = 0;
			if (this.feeder != null) {
				this.feeder.roomMade();
			}
		}
	}

	/** Gathers room for many inputs when that costs no worker much. */
	private boolean shouldRefill() {
		int room = room();
		if (room <= 0 || this.inputEnded) {
			return false;
		}
		if (room >= this.limit / 4 && room >= this.queue.chunk) {
			return true;
		}
		return this.dispatcher.hungry() && (room >= Math.max(this.limit / 8, this.queue.chunk)
				|| System.nanoTime() - this.lastRefill > PATIENCE_NANOS);
	}

	/** Moves what is finished into the consumer's own batch. */
	private boolean collect() {
		this.batch.clear();
		this.next = 0;
		this.dispatcher.lock.lock();
		try {
			if (this.plan.inOrder()) {
				Task first;
				while ((first = this.order.peekFirst()) != null && first.finished) {
					this.batch.add(this.order.removeFirst());
					this.finishedAhead--;
				}
			}
			else {
				ArrayList<Task> full = this.finished;
				this.finished = this.batch;
				this.batch = full;
			}
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		return !this.batch.isEmpty();
	}

	/** Waits for a result, for room, or for the end of the pool. */
	private void await() throws InterruptedException {
		if (this.plan.bound() == null && room() <= 0 && this.limit < largestLimit() && !isHeldUp()) {
			// Starved although all that may be under way is under way: allow for more.
			this.limit = Math.max(smallestLimit(), Math.min(this.limit * 2, largestLimit()));
			if (room() > 0) {
				if (this.feeder != null) {
					this.feeder.roomMade();
				}
				return;
			}
		}
		this.waiting = Thread.currentThread();
		try {
			if (!somethingToDo()) {
				LockSupport.park(this);
			}
		}
		finally {
			this.waiting = null;
		}
		if (Thread.interrupted()) {
			throw new InterruptedException();
		}
	}

	/** Whether most of what is under way is finished and waits for a slow element. */
	private boolean isHeldUp() {
		this.dispatcher.lock.lock();
		try {
			return this.finishedAhead > this.limit / 2;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	private boolean somethingToDo() {
		this.dispatcher.lock.lock();
		try {
			Task first = this.order.peekFirst();
			return !this.finished.isEmpty() || first != null && first.finished
					|| this.inputEnded && this.pulled.get() == this.taken.get()
					|| this.dispatcher.refusal() != null && !this.inputEnded && this.feeder == null && room() > 0;
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	void wake() {
		Thread thread = this.waiting;
		if (thread != null) {
			LockSupport.unpark(thread);
		}
	}

	@Override
	public void close() {
		this.dispatcher.lock.lock();
		try {
			this.abandoned = true;
			this.finished.clear();
			this.order.clear();
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		if (this.feeder != null) {
			this.feeder.stop();
		}
		this.dispatcher.takeBack(this, this.queue);
	}

	// Pulling: the consumer's thread, or the feeder's

	boolean inputEnded() {
		return this.inputEnded;
	}

	/** Somebody wants the feeding thread to stop. */
	void feederInterrupted() {
		this.inputFailure = new CancellationException(
				"The thread that feeds an imap of pool '" + this.dispatcher.options().name() + "' was interrupted.");
		this.inputEnded = true;
	}

	int room() {
		return (int) Math.min(Integer.MAX_VALUE, this.limit - (this.pulled.get() - this.taken.get()));
	}

	private int smallestLimit() {
		return Math.max(2 * this.plan.chunk(), 4) * Math.max(1, this.dispatcher.status().size());
	}

	private int largestLimit() {
		return Math.max(smallestLimit(), 2 * this.dispatcher.totalWindow());
	}

	/** Pulls inputs while there is room. Returns whether anything has changed. */
	private boolean refill() {
		if (this.inputEnded || room() <= 0) {
			return false;
		}
		boolean changed = pull(this.inputs, () -> this.next < this.batch.size());
		this.lastRefill = System.nanoTime();
		return changed;
	}

	/**
	 * Pulls and offers inputs while there is room.
	 * @param iterator the inputs
	 * @param enough asked after a slow pull: whether to stop for now
	 * @return whether anything was pulled, or the input has ended
	 */
	boolean pull(Iterator<?> iterator, BooleanSupplier enough) {
		boolean any = false;
		boolean more = true;
		while (more && room() > 0) {
			long begin = System.nanoTime();
			int wanted = Math.min((this.queue.chunk > 1) ? this.queue.chunk : GROUP, room());
			boolean slow = false;
			// Counted here: what is in the group may be offered by others meanwhile.
			for (int i = 0; i < wanted && more && !slow; i++) {
				more = pullOne(iterator);
				slow = this.queue.chunk == 1 && System.nanoTime() - begin > SLOW_PULL_NANOS;
			}
			any = true;
			this.group.offer();
			more &= !slow || !enough.getAsBoolean();
		}
		return any;
	}

	private Map<String, String> context() {
		Supplier<Map<String, String>> capture = this.dispatcher.options().taskContext();
		return (capture != null) ? capture.get() : Map.of();
	}

	/**
	 * Pulls one input into the group, unless there is none or the pool takes none.
	 * Returns whether there was one.
	 */
	private boolean pullOne(Iterator<?> iterator) {
		try {
			if (!iterator.hasNext()) {
				this.inputEnded = true;
				return false;
			}
			RuntimeException refusal = refusal();
			if (refusal != null) {
				this.inputFailure = refusal;
				this.inputEnded = true;
				return false;
			}
			Object input = iterator.next();
			Map<String, String> context = this.group.isEmpty() ? context() : Map.of();
			this.pulled.lazySet(this.pulled.get() + 1);
			this.group.add(input, context);
			return true;
		}
		catch (Throwable ex) {
			// Results that are under way are delivered first; then the consumer sees it.
			this.inputFailure = ex;
			this.inputEnded = true;
			return false;
		}
	}

	private @Nullable RuntimeException refusal() {
		if (!this.dispatcher.refusing()) {
			return null;
		}
		this.dispatcher.lock.lock();
		try {
			return this.dispatcher.refusal();
		}
		finally {
			this.dispatcher.lock.unlock();
		}
	}

	// The dispatcher's lock is held

	void accepted(Task task) {
		if (this.plan.inOrder()) {
			this.order.addLast(task);
		}
	}

	@Override
	public @Nullable Runnable finished(Task task) {
		if (this.abandoned) {
			return null;
		}
		if (!this.plan.inOrder()) {
			this.finished.add(task);
		}
		else {
			this.finishedAhead++;
			if (this.order.peekFirst() != task) {
				return null;
			}
		}
		return (this.waiting != null) ? this.wake : null;
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
		return (this.plan.taskTimeout() != null) ? "Imap.taskTimeout" : "task-timeout";
	}

}
