package io.vimap.child;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

import io.vimap.protocol.ProtocolException;

/**
 * Looks after the task thread. It sends results that wait for company while the next task
 * takes long, and when a task does not end for a few milliseconds, it reads the socket in
 * the task thread's place: so the parent's control frames, and its death, are noticed
 * whatever the task does. It remains the reader from one such task to the next: each look
 * at the task thread takes the processor from a task. For the same reason it looks often
 * only while results have been waiting, and that has been of use. While the process is
 * idle it sleeps for good and uses no CPU.
 */
final class ControlThread extends Thread {

	/**
	 * How much longer a result may wait once it has been seen waiting behind a task:
	 * twice as long after each time that the task was another when this thread looked
	 * again.
	 */
	private static final long SOON_NANOS = 1_000_000;

	/** Twice that is the longest that a result or a control frame waits behind a task. */
	static final long LATER_NANOS = 4_000_000;

	/** Looks without any work before it goes to sleep. */
	private static final int PATIENCE = 15;

	private final Inbox inbox;

	private final Outgoing outgoing;

	private final TaskThread taskThread;

	/** Written by this thread, read by the task thread. */
	private volatile boolean asleep;

	ControlThread(Inbox inbox, Outgoing outgoing, TaskThread taskThread) {
		super(null, null, "vimap-control", 256 * 1024);
		setDaemon(true);
		this.inbox = inbox;
		this.outgoing = outgoing;
		this.taskThread = taskThread;
	}

	/** Called by the task thread when it begins something. */
	void wake() {
		if (this.asleep) {
			LockSupport.unpark(this);
		}
	}

	@Override
	public void run() {
		try {
			watch();
		}
		catch (ProtocolException ex) {
			ExitGuard.protocolBroken(String.valueOf(ex.getMessage()));
		}
		catch (IOException ex) {
			ExitGuard.parentGone();
		}
	}

	private void watch() throws IOException {
		long seen = -1;
		int quiet = 0;
		long pause = LATER_NANOS;
		long soon = SOON_NANOS;
		while (true) {
			LockSupport.parkNanos(pause);
			pause = LATER_NANOS;
			long running = this.taskThread.running();
			if (running == TaskThread.IDLE) {
				if (++quiet > PATIENCE) {
					running = sleepWhileIdle();
					quiet = 0;
				}
			}
			else {
				quiet = 0;
				if (running == seen) {
					this.inbox.readOnBehalf();
					soon = SOON_NANOS;
				}
				else if (this.outgoing.hasUnsent()) {
					pause = soon;
					soon = Math.min(LATER_NANOS, 2 * soon);
				}
			}
			seen = running;
		}
	}

	/** Returns what the task thread began meanwhile. */
	private long sleepWhileIdle() {
		long running;
		this.asleep = true;
		while ((running = this.taskThread.running()) == TaskThread.IDLE) {
			LockSupport.park(this);
		}
		this.asleep = false;
		return running;
	}

	/** Nobody may interrupt this thread: it would close the socket. */
	@Override
	public void interrupt() {
	}

}
