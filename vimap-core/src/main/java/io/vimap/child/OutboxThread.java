package io.vimap.child;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

import io.vimap.protocol.Outbox;
import org.jspecify.annotations.Nullable;

/**
 * Maps the outbox into memory beside the other preparations: on JDK 25 the first mapping
 * takes as long as the opening of the socket.
 */
final class OutboxThread extends Thread {

	private final Path outbox;

	/** Written by this thread before it ends, as is the other. */
	private @Nullable MappedByteBuffer map;

	private @Nullable IOException failure;

	OutboxThread(Path outbox) {
		super(null, null, "vimap-outbox", 256 * 1024);
		setDaemon(true);
		this.outbox = outbox;
	}

	@Override
	public void run() {
		try {
			this.map = FileMapping.map(this.outbox, Outbox.AREA + Outbox.CAPACITY);
		}
		catch (IOException ex) {
			this.failure = ex;
		}
	}

	/**
	 * Waits for the end of this thread.
	 * @return the outbox
	 * @throws IOException if it can't be mapped
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	MappedByteBuffer awaitMap() throws IOException, InterruptedException {
		join();
		MappedByteBuffer mapped = this.map;
		if (mapped == null) {
			throw new IOException("cannot map " + this.outbox, this.failure);
		}
		return mapped;
	}

}
