package io.vimap.child;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * What comes from the parent. Whoever has nothing better to do reads the socket: the task
 * thread while it is idle (no hand-over, the shortest way for a single task), the control
 * thread while a task takes long. Control frames are handled by the reader as soon as
 * they arrive, before the tasks that arrived ahead of them.
 */
final class Inbox {

	private final SocketChannel channel;

	private final Outgoing outgoing;

	private final ControlFrames control;

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock: signalled when the control thread has read something. */
	private final Condition arrived = this.lock.newCondition();

	/**
	 * Guarded by the lock, except that the task thread reads into it without the lock
	 * while it holds the reading role.
	 */
	private final InboundBuffer buffer = new InboundBuffer(Integer.MAX_VALUE - 16);

	/**
	 * Whether some thread is in a read of the channel. Written with the lock held.
	 */
	private volatile boolean reading;

	/** Guarded by the lock: whether STOP has arrived. */
	private boolean stopping;

	/** Guarded by the lock: the number of the last task taken. */
	private long lastTaken;

	/** Guarded by the lock: tasks that have arrived and not been taken. */
	private int waiting;

	/**
	 * Guarded by the lock: the task thread, after a task that took long, waits for what
	 * the control thread reads.
	 */
	private boolean awaitedAfterLong;

	/** Guarded by the lock: the WELCOME until the task thread takes it. */
	private @Nullable Welcome welcome;

	/** Guarded by the lock. */
	private final FrameInput ahead = new FrameInput();

	/**
	 * Control thread only. Direct, because to read into an array takes a third more of
	 * the code, none of which is compiled in a child that has few tasks.
	 */
	private final ByteBuffer scratch = ByteBuffer.allocateDirect(16 * 1024);

	Inbox(SocketChannel channel, Outgoing outgoing, ControlFrames control) {
		this.channel = channel;
		this.outgoing = outgoing;
		this.control = control;
	}

	/**
	 * Waits for the WELCOME. Task thread only.
	 * @return the WELCOME, or {@code null} if the parent says STOP instead
	 */
	@Nullable Welcome awaitWelcome() throws IOException {
		this.lock.lock();
		try {
			while (this.welcome == null && !this.stopping) {
				awaitMore(false);
			}
			return this.welcome;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes the next task and marks it as begun. Sends what is ready before it waits.
	 * Task thread only.
	 * @param task becomes that task
	 * @return whether there is one; if not, the worker is to stop
	 */
	boolean take(TakenTask task) throws IOException {
		boolean waited = false;
		this.lock.lock();
		try {
			while (true) {
				FrameType type;
				while ((type = this.buffer.nextSeen(task.body())) != null) {
					if (type == FrameType.TASK) {
						begin(task, waited);
						return true;
					}
				}
				if (!waited) {
					this.lock.unlock();
					try {
						this.outgoing.flush();
					}
					finally {
						this.lock.lock();
					}
					waited = true;
				}
				else if (this.stopping) {
					return false;
				}
				else {
					awaitMore(task.nanos() >= ControlThread.LATER_NANOS);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void begin(TakenTask task, boolean waited) {
		long number = task.body().readLong();
		if (number <= this.lastTaken) {
			throw new ProtocolException("task " + number + " after task " + this.lastTaken);
		}
		this.lastTaken = number;
		this.waiting--;
		task.become(number, waited, this.waiting);
		this.outgoing.begin(number);
	}

	/**
	 * Reads, or waits for the control thread that reads. The lock is held.
	 * @param afterLong whether the last task took long
	 */
	@SuppressWarnings("WaitNotInLoop") // the callers loop
	private void awaitMore(boolean afterLong) throws IOException {
		if (this.reading) {
			this.awaitedAfterLong = afterLong;
			this.arrived.awaitUninterruptibly();
			return;
		}
		this.reading = true;
		this.lock.unlock();
		int count;
		try {
			count = this.buffer.read(this.channel);
		}
		finally {
			this.lock.lock();
			this.reading = false;
		}
		onRead(count);
	}

	/**
	 * Reads what has arrived, without waiting for it. Task thread only.
	 * @return how many tasks wait now
	 */
	int look() throws IOException {
		this.lock.lock();
		try {
			if (!this.reading) {
				this.channel.configureBlocking(false);
				try {
					onRead(this.buffer.read(this.channel));
				}
				finally {
					this.channel.configureBlocking(true);
				}
			}
			return this.waiting;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Reads, if nobody else does, and hands tasks over to the task thread. Goes on as
	 * long as that has waited for it after a task that took long: the next is likely to
	 * take as long, so that to go on costs less than to let the task thread read and soon
	 * take its place again. Control thread only.
	 */
	void readOnBehalf() throws IOException {
		if (!becomeReader()) {
			return;
		}
		// Now, because from here on the task thread sends each result itself.
		this.outgoing.flush();
		boolean more;
		do {
			more = readForTaskThread();
		}
		while (more);
	}

	private boolean becomeReader() {
		this.lock.lock();
		try {
			boolean free = !this.reading;
			this.reading = true;
			return free;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns whether to go on reading. */
	private boolean readForTaskThread() throws IOException {
		int count = this.channel.read(this.scratch.clear());
		boolean more = false;
		this.lock.lock();
		try {
			if (count > 0) {
				// A task may be decoding from the present array: append, never move.
				this.buffer.append(this.scratch.flip());
			}
			onRead(count);
			more = this.awaitedAfterLong && !this.stopping;
		}
		finally {
			this.awaitedAfterLong = false;
			this.reading = more;
			this.arrived.signalAll();
			this.lock.unlock();
		}
		return more;
	}

	/** The lock is held. */
	private void onRead(int count) throws IOException {
		if (count < 0) {
			ExitGuard.parentGone();
		}
		FrameType type;
		while ((type = this.buffer.lookAhead(this.ahead)) != null) {
			switch (type) {
				case TASK -> this.waiting++;
				case WELCOME -> {
					this.welcome = Welcome.read(this.ahead);
					this.buffer.frameLimit(
							(int) Math.min(Integer.MAX_VALUE - 16, this.welcome.maxPayload() + Frames.OVERHEAD));
					this.control.welcome(this.welcome);
				}
				case RECALL -> giveBack();
				case STOP -> this.stopping = true;
				default -> this.control.handle(type, this.ahead);
			}
			if (type != FrameType.TASK) {
				this.ahead.expectEnd();
			}
		}
	}

	private void giveBack() throws IOException {
		FrameInput input = new FrameInput();
		long first = 0;
		FrameType type;
		while ((type = this.buffer.nextSeen(input)) != null) {
			if (type == FrameType.TASK && first == 0) {
				first = input.readLong();
			}
		}
		this.waiting = 0;
		PayloadBuffer out = new PayloadBuffer(32);
		Frames.number(out, FrameType.RECALLED, first);
		this.outgoing.append(out);
		this.outgoing.flush();
	}

	/**
	 * Says whether the control thread waits for the parent in the task thread's place, so
	 * that it does not look after results. Task thread only, while it does not read.
	 * @return whether there is another reader
	 */
	boolean isReadOnBehalf() {
		return this.reading;
	}

}
