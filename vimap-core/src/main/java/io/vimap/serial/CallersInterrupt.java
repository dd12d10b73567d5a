package io.vimap.serial;

/**
 * While user code runs on its caller's thread: keeps an earlier interrupt of the caller
 * from it, of which it would not know in a process of its own. One that comes meanwhile
 * reaches both, as it may be meant for the caller, and none must be lost.
 */
final class CallersInterrupt implements AutoCloseable {

	private final boolean interrupted = Thread.interrupted();

	@Override
	public void close() {
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
