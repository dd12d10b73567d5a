package io.vimap.serial;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vimap.child.ThreadDump;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the thread that made it if a task runs too long on it, which is all that can
 * be done in one JVM.
 */
final class Deadline {

	private final Thread thread = Thread.currentThread();

	private final CompletableFuture<Void> timer = new CompletableFuture<>();

	/** Guarded by "this". */
	private boolean over;

	/** Guarded by "this": of the task when its time was up. */
	private @Nullable String stack;

	/**
	 * Starts the clock.
	 * @param timeout how long the task may run, {@code null} for without limit
	 */
	Deadline(@Nullable Duration timeout) {
		if (timeout != null) {
			var unused = this.timer.orTimeout(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS)
				.exceptionally((expired) -> interrupt());
		}
	}

	private synchronized @Nullable Void interrupt() {
		if (!this.over) {
			this.stack = ThreadDump.of(this.thread);
			this.thread.interrupt();
		}
		return null;
	}

	/**
	 * The task has ended: it is not interrupted any more. Drops the interrupt of a task
	 * that was over its time, which its caller has nothing to do with.
	 * @return the stack of the task when its time was up, or {@code null} if it was not
	 */
	synchronized @Nullable String end() {
		this.over = true;
		this.timer.complete(null);
		if (this.stack != null) {
			Thread.interrupted();
		}
		return this.stack;
	}

}
