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
 * and shrinks again (see {@link SpareArray}); a frame's length is checked before memory
 * is reserved for it. Not safe for use by several threads at once.
 */
public final class InboundBuffer {

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final int SMALL = 16 * 1024;

	private static final int USUAL = 128 * 1024;

	/** Bounds the direct buffer that NIO keeps per thread for reads into arrays. */
	private static final int LARGEST_READ = 256 * 1024;

	private byte[] bytes = new byte[SMALL];

	/** The array to return to when a large one is not needed any more. */
	private byte[] usual = this.bytes;

	private final SpareArray large = new SpareArray();

	/** Where the next frame to be taken begins. */
	private int head;

	/** Where the next frame to be looked at ahead begins, at or behind the head. */
	private int ahead;

	/** The end of what has arrived. */
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
		FrameType type = frameAt(this.head, input);
		if (type != null) {
			this.head = input.end();
			this.ahead = Math.max(this.ahead, this.head);
		}
		return type;
	}

	/**
	 * Looks at the next complete frame that has not been looked at, without taking it.
	 * @param input receives the body
	 * @return the frame's type, or {@code null} if there is none
	 * @throws ProtocolException if what has arrived is no frame
	 */
	public @Nullable FrameType lookAhead(FrameInput input) {
		FrameType type = frameAt(this.ahead, input);
		if (type != null) {
			this.ahead = input.end();
		}
		return type;
	}

	/**
	 * Takes the next frame that {@link #lookAhead} has seen.
	 * @param input receives the body
	 * @return the frame's type, or {@code null} if there is none
	 */
	public @Nullable FrameType nextSeen(FrameInput input) {
		return (this.head < this.ahead) ? next(input) : null;
	}

	private @Nullable FrameType frameAt(int at, FrameInput input) {
		int length = lengthAt(at);
		if (length < 0 || length > this.tail - at - 4) {
			return null;
		}
		byte code = this.bytes[at + 4];
		FrameType type = FrameType.of(code);
		input.set(this.bytes, at + Frames.HEADER, length - 1);
		if ((code & FrameType.IN_MEMORY) != 0) {
			input.valueInMemory();
		}
		return type;
	}

	private int lengthAt(int at) {
		if (this.tail - at < 4) {
			return -1;
		}
		int length = (int) INT.get(this.bytes, at);
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
				this.usual = this.bytes;
			}
		}
		return count;
	}

	/**
	 * Appends bytes that came another way. Never moves bytes within their array, so that
	 * an input of another thread stays valid.
	 * @param source its remaining bytes
	 */
	public void append(ByteBuffer source) {
		int length = source.remaining();
		if (this.bytes.length - this.tail < length) {
			int pending = this.tail - this.head;
			moveTo(this.large.take(Math.max(Math.max(USUAL, lengthAt(this.head) + 4), pending + length)));
		}
		source.get(this.bytes, this.tail, length);
		this.tail += length;
		this.received += length;
	}

	private void makeRoom() {
		int pending = this.tail - this.head;
		int wanted = Math.max(lengthAt(this.head) + 4, pending + 1);
		if (pending == 0 && this.bytes.length > USUAL) {
			this.large.give(this.bytes);
			moveTo(this.usual);
		}
		else if (wanted > this.bytes.length) {
			moveTo(this.large.take(wanted));
		}
		else if (this.bytes.length - this.head < wanted || this.bytes.length - this.tail < this.bytes.length / 4) {
			moveTo(this.bytes);
		}
	}

	private void moveTo(byte[] target) {
		System.arraycopy(this.bytes, this.head, target, 0, this.tail - this.head);
		this.bytes = target;
		this.tail -= this.head;
		this.ahead -= this.head;
		this.head = 0;
	}

}
