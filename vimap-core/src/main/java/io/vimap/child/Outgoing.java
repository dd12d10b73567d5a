package io.vimap.child;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.SocketChannel;

import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;

/**
 * What goes to the parent. Frames are gathered in a memory-mapped file and written to the
 * socket from there, so that finished results survive this process (see
 * {@code docs/protocol.md}, section 5). Safe for use by many threads.
 */
final class Outgoing {

	private static final int LARGEST_WRITE = 256 * 1024;

	private final SocketChannel channel;

	/** Header and area; the area is guarded by "this". */
	private final MappedByteBuffer map;

	/** Guarded by "this": the part of the map that is being sent. */
	private final ByteBuffer unsent;

	/** Guarded by "this": frames from 0 to here are in the area. */
	private int filled;

	/** Guarded by "this": the stream position of the end of the last frame. */
	private long end;

	/**
	 * Creates the way to the parent.
	 * @param channel the socket
	 * @param map the outbox, mapped into memory
	 */
	Outgoing(SocketChannel channel, MappedByteBuffer map) {
		this.channel = channel;
		this.map = map;
		this.unsent = map.duplicate();
	}

	/**
	 * Marks a task as begun. Task thread only.
	 * @param number the task's number
	 */
	void begin(long number) {
		publish(Outbox.BEGUN, number);
	}

	/**
	 * Adds whole frames; they are sent with the next {@link #flush} at the latest.
	 * @param frames the frames
	 * @return whether something had to be sent, which takes as long as the parent lets it
	 * @throws IOException if the parent is gone
	 */
	synchronized boolean append(PayloadBuffer frames) throws IOException {
		int size = frames.length();
		boolean sent = size > Outbox.CAPACITY - this.filled && flush();
		if (size > Outbox.CAPACITY) {
			writeFully(frames);
			advance(size);
			publish(Outbox.START, this.end);
			return true;
		}
		this.map.put(Outbox.AREA + this.filled, frames.array(), 0, size);
		this.filled += size;
		advance(size);
		return sent;
	}

	private void advance(int size) {
		this.end += size;
		publish(Outbox.END, this.end);
	}

	/**
	 * Writes a position after all that has been written before: whoever sees the new end
	 * sees the frame. The positions are aligned, so each is one store. (A view of the
	 * buffer as a {@code VarHandle} would say the same, and take 30 ms of a start on JDK
	 * 25.)
	 */
	private void publish(int position, long value) {
		VarHandle.releaseFence();
		this.map.putLong(position, value);
	}

	/**
	 * Says whether there is anything to send.
	 * @return whether something was added since the last time that all was sent
	 */
	synchronized boolean hasUnsent() {
		return this.filled != 0;
	}

	/**
	 * Sends all that has been added.
	 * @return whether there was anything to send
	 * @throws IOException if the parent is gone
	 */
	synchronized boolean flush() throws IOException {
		if (this.filled == 0) {
			return false;
		}
		this.unsent.limit(Outbox.AREA + this.filled).position(Outbox.AREA);
		while (this.unsent.hasRemaining()) {
			this.channel.write(this.unsent);
		}
		this.filled = 0;
		publish(Outbox.START, this.end);
		return true;
	}

	private void writeFully(PayloadBuffer frames) throws IOException {
		int position = 0;
		for (ByteBuffer part = frames.part(0); part.hasRemaining(); part = frames.part(position)) {
			part.limit(Math.min(part.limit(), part.position() + LARGEST_WRITE));
			position += this.channel.write(part);
		}
	}

}
