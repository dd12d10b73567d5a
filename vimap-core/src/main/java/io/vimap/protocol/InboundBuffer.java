package io.vimap.protocol;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that have arrived and the frames in them. Grows to the largest frame under way
 * and shrinks again; a frame's length is checked before memory is reserved for it. Not
 * safe for use by several threads at once.
 */
public final class InboundBuffer {

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final int SMALL = 16 * 1024;

	private static final int USUAL = 128 * 1024;

	/** Bounds the direct buffer that NIO keeps per thread for reads into arrays. */
	private static final int LARGEST_READ = 256 * 1024;

	private byte[] bytes = new byte[SMALL];

	private int head;

	private int tail;

	private int frameLimit;

	private long received;

	/**
	 * Creates an empty buffer.
	 * @param frameLimit the longest frame allowed, in bytes after the length field
	 */
	public InboundBuffer(int frameLimit) {
		this.frameLimit = frameLimit;
	}

	/**
	 * Changes the longest frame allowed.
	 * @param newLimit bytes after the length field
	 */
	public void frameLimit(int newLimit) {
		this.frameLimit = newLimit;
	}

	/**
	 * Returns how many bytes have arrived since the connection was made.
	 * @return the position in the sender's output stream
	 */
	public long received() {
		return this.received;
	}

	/**
	 * Moves on to the next complete frame and points an input at its body.
	 * @param input receives the body; valid until the next {@link #read} or
	 * {@link #append}
	 * @return the frame's type, or {@code null} if no complete frame has arrived
	 * @throws ProtocolException if what has arrived is no frame
	 */
	public @Nullable FrameType next(FrameInput input) {
		int length = pendingLength();
		if (length < 0 || length > this.tail - this.head - 4) {
			return null;
		}
		FrameType type = FrameType.of(this.bytes[this.head + 4]);
		input.set(this.bytes, this.head + Frames.HEADER, length - 1);
		this.head += 4 + length;
		return type;
	}

	/**
	 * Says whether a complete frame is there.
	 * @return whether {@link #next} would find one
	 */
	public boolean hasFrame() {
		int length = pendingLength();
		return length >= 0 && length <= this.tail - this.head - 4;
	}

	private int pendingLength() {
		if (this.tail - this.head < 4) {
			return -1;
		}
		int length = (int) INT.get(this.bytes, this.head);
		if (length < 1 || length > this.frameLimit) {
			throw new ProtocolException(String.format("a frame of %d bytes; allowed are 1 to %d (first bytes 0x%08x)",
					length, this.frameLimit, length));
		}
		return length;
	}

	/**
	 * Reads once from a channel, which may block if the channel does.
	 * @param channel where from
	 * @return the number of bytes read, −1 at the end of the stream
	 * @throws IOException if reading fails
	 */
	public int read(ReadableByteChannel channel) throws IOException {
		makeRoom();
		int room = Math.min(this.bytes.length - this.tail, LARGEST_READ);
		int count = channel.read(ByteBuffer.wrap(this.bytes, this.tail, room));
		if (count > 0) {
			this.tail += count;
			this.received += count;
			if (count == room && this.bytes.length < USUAL) {
				// A full read says that more is waiting: larger reads mean fewer.
				this.bytes = Arrays.copyOf(this.bytes, this.bytes.length * 2);
			}
		}
		return count;
	}

	/**
	 * Appends bytes that came another way.
	 * @param source the bytes
	 * @param offset where they begin
	 * @param length how many
	 */
	public void append(byte[] source, int offset, int length) {
		compact();
		if (this.bytes.length - this.tail < length) {
			this.bytes = Arrays.copyOf(this.bytes, this.tail + length);
		}
		System.arraycopy(source, offset, this.bytes, this.tail, length);
		this.tail += length;
		this.received += length;
	}

	private void makeRoom() {
		int pending = this.tail - this.head;
		int length = pendingLength();
		int wanted = Math.max((length < 0) ? 0 : 4 + length, pending + 1);
		if (pending == 0 && this.bytes.length > USUAL) {
			this.bytes = new byte[USUAL];
			this.head = 0;
			this.tail = 0;
		}
		else if (wanted > this.bytes.length) {
			byte[] larger = new byte[wanted];
			System.arraycopy(this.bytes, this.head, larger, 0, pending);
			this.bytes = larger;
			this.head = 0;
			this.tail = pending;
		}
		else if (this.bytes.length - this.head < wanted || this.bytes.length - this.tail < this.bytes.length / 4) {
			compact();
		}
	}

	private void compact() {
		System.arraycopy(this.bytes, this.head, this.bytes, 0, this.tail - this.head);
		this.tail -= this.head;
		this.head = 0;
	}

}
