package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One turn with the lock of a dispatcher: taken when it is made, released when it is
 * closed. What was decided meanwhile and can't be done with the lock held, because it
 * calls users, codecs or sockets or wakes threads, is done right after that. So whatever
 * happens to a pool passes the lock once.
 */
final class Turn implements AutoCloseable {

	private final TaskDispatcher dispatcher;

	private final List<WorkerSession> touched = new ArrayList<>(2);

	private final List<WorkerSession> senders = new ArrayList<>(2);

	private final List<Task> finished = new ArrayList<>(0);

	private final List<Runnable> afterwards = new ArrayList<>(2);

	/** The lock has been released when there is one. */
	private @Nullable WakeUps wakeUps;

	/** What of the plan could not be done. */
	private @Nullable Throwable failure;

	Turn(TaskDispatcher dispatcher) {
		this.dispatcher = dispatcher;
		dispatcher.lock.lock();
	}

	/** Something about a session has changed, or its time has come. */
	void touch(WorkerSession session) {
		if (session.touchedIn(this)) {
			this.touched.add(session);
		}
	}

	/** The sessions that were touched, each once. */
	List<WorkerSession> touched() {
		return this.touched;
	}

	/** A session has tasks to send. */
	void sends(WorkerSession session) {
		if (!this.senders.contains(session)) {
			this.senders.add(session);
		}
	}

	/** The tasks that have ended in this turn and of which somebody is to hear. */
	List<Task> finished() {
		return this.finished;
	}

	/**
	 * Plans something for when the lock has been released; the same in a row only once.
	 */
	void afterwards(Runnable action) {
		if (this.afterwards.isEmpty() || this.afterwards.get(this.afterwards.size() - 1) != action) {
			this.afterwards.add(action);
		}
	}

	/** A caller waits for this, which is done. The lock has been released. */
	void wakes(TaskFuture<?> future) {
		if (this.wakeUps == null) {
			this.wakeUps = new WakeUps();
		}
		this.wakeUps.add(future);
	}

	/**
	 * Does all that was planned, even if some of it can't be done, which is then thrown:
	 * the rest is for others.
	 */
	@Override
	public void close() {
		try {
			attempt(() -> this.dispatcher.settle(this));
		}
		finally {
			this.dispatcher.lock.unlock();
		}
		this.senders.forEach((sender) -> attempt(sender::pump));
		this.afterwards.forEach(this::attempt);
		if (this.wakeUps != null) {
			this.wakeUps.begin();
		}
		if (this.failure != null) {
			Turn.<RuntimeException>raise(this.failure);
		}
	}

	private void attempt(Runnable part) {
		try {
			part.run();
		}
		catch (Throwable ex) {
			if (this.failure == null) {
				this.failure = ex;
			}
			else if (this.failure != ex) {
				this.failure.addSuppressed(ex);
			}
		}
	}

	/** Whatever it is: what is checked in Java may be thrown by others undeclared. */
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T extends Throwable> void raise(Throwable failure) throws T {
		throw (T) failure;
	}

}
