package io.vimap.serial;

/**
 * While user code runs on its caller's thread: keeps an interrupt of the caller from it,
 * and one that it leaves behind from the caller. In a process of its own it would know of
 * no other.
 */
final class CallersInterrupt implements AutoCloseable {

	private final boolean interrupted = Thread.interrupted();

	@Override
	public void close() {
		Thread.interrupted();
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
