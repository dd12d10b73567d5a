package io.vimap.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.jspecify.annotations.Nullable;

/**
 * One end of a file that parent and child have mapped into memory, in which large values
 * travel past the socket: through that they would be copied six times, here it is twice.
 * One area is for inputs, one for outputs; a frame says where its value is. See
 * {@code docs/protocol.md}, section 6.
 */
public abstract sealed class PayloadMemory permits ParentPayloadMemory, ChildPayloadMemory {

	/**
	 * What is shorter goes through the socket. What is not has no room in the outbox: as
	 * a place in memory it has, so that it survives its child like all others.
	 */
	public static final int FROM = Outbox.CAPACITY;

	/** Bytes that an area may have; what is longer goes through the socket. */
	static final int AREA = 64 * 1024 * 1024;

	/** Bytes of the whole file, most of which have no blocks until they are used. */
	public static final int SIZE = 4096 + 2 * AREA;

	/** Offset of the number of the task whose output was taken last. */
	static final int TAKEN = 0;

	static final int INPUTS = 4096;

	static final int OUTPUTS = INPUTS + AREA;

	final MappedByteBuffer map;

	private final Path file;

	/** Where the area begins that this end reads. */
	private final int readArea;

	/** One value at a time: used by one thread at a time. */
	private final SpareArray spare = new SpareArray();

	PayloadMemory(Path file, MappedByteBuffer map, int readArea) {
		this.file = file;
		this.map = map;
		this.readArea = readArea;
	}

	/**
	 * Returns the file.
	 * @return its path
	 */
	public final Path file() {
		return this.file;
	}

	/**
	 * Where a value is that the other side has written.
	 */
	public final class Place {

		private final int at;

		private final int length;

		private Place(int at, int length) {
			this.at = at;
			this.length = length;
		}

		/**
		 * Returns the length of the value.
		 * @return the number of bytes, at least 1
		 */
		public int length() {
			return this.length;
		}

		/**
		 * Decodes the value. Calls must not overlap in one memory.
		 * @param codec knows its type
		 * @return the value, of which nothing is in memory any more
		 * @throws Exception if it can't be decoded
		 */
		@Nullable Object decode(ValueCodec codec) throws Exception {
			return read(this.at, this.length, codec);
		}

	}

	/**
	 * Finds the value of a frame that is in memory.
	 * @param body its body, read up to its value
	 * @return where the value is
	 * @throws ProtocolException if there is no such place
	 */
	Place find(FrameInput body) {
		int offset = body.readInt();
		int length = body.readInt();
		body.expectEnd();
		if (offset < 0 || length < 1 || length > AREA - offset) {
			throw new ProtocolException("a value of " + length + " bytes at " + offset + " of " + AREA);
		}
		return new Place(this.readArea + offset, length);
	}

	@Nullable Object read(int at, int length, ValueCodec codec) throws Exception {
		if (this.map.get(at) == SimpleValues.BYTES && SimpleValueCodec.readsBytes(codec)) {
			byte[] value = new byte[length - 1];
			this.map.get(at + 1, value);
			return value;
		}
		// A copy, because nobody knows what the other side does with the memory
		// meanwhile.
		byte[] bytes = this.spare.take(length);
		this.map.get(at, bytes, 0, length);
		Object value = codec.decode(bytes, 0, length);
		this.spare.give(bytes);
		return value;
	}

	void write(int at, ByteBuffer source) {
		this.map.put(at, source.array(), source.arrayOffset() + source.position(), source.remaining());
	}

	/**
	 * Takes blocks of the file system, so that no later write to the mapping can fail for
	 * lack of space. Leaves others at least as much as it takes.
	 */
	final void reserve(int from, int to) throws IOException {
		if (this.file.toFile().getUsableSpace() < 2L * (to - from)) {
			throw new IOException("too little space left for " + this.file);
		}
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
			for (int at = from; at < to;) {
				at += channel.write(zeros.clear().limit(Math.min(zeros.capacity(), to - at)), at);
			}
		}
	}

}
