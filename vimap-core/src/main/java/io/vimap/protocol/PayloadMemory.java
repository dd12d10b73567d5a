package io.vimap.protocol;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A file that parent and child have mapped into memory, in which large values travel past
 * the socket: through that they would be copied six times, here it is twice. One area is
 * for inputs, one for outputs; a frame says where its value is. See
 * {@code docs/protocol.md}, section 6.
 */
public final class PayloadMemory {

	/** What is shorter goes through the socket. */
	public static final int FROM = 64 * 1024;

	/** Bytes that an area may have; what is longer goes through the socket. */
	static final int AREA = 64 * 1024 * 1024;

	/** Bytes of the whole file, most of which have no blocks until they are used. */
	public static final int SIZE = 4096 + 2 * AREA;

	/** Offset of the number of the task whose output was taken last. */
	private static final int TAKEN = 0;

	private static final int INPUTS = 4096;

	private static final int OUTPUTS = INPUTS + AREA;

	/**
	 * Where a value is.
	 *
	 * @param at its offset in the file
	 * @param length its length in bytes
	 */
	public record Place(int at, int length) {
	}

	private final Path file;

	private final MappedByteBuffer map;

	private final LongAdder sent;

	private final LongAdder received;

	/** The parent's; written by whoever talks to the child. */
	private volatile @Nullable MemoryWriter inputs;

	/** One value at a time: used by one thread at a time. */
	private final SpareArray spare = new SpareArray();

	/**
	 * Uses a file. Child only.
	 * @param file the file
	 * @param map all of it
	 */
	public PayloadMemory(Path file, MappedByteBuffer map) {
		this(file, map, new LongAdder(), new LongAdder());
	}

	private PayloadMemory(Path file, MappedByteBuffer map, LongAdder sent, LongAdder received) {
		this.file = file;
		this.map = map;
		this.sent = sent;
		this.received = received;
	}

	/**
	 * Creates the file and maps it. Parent only.
	 * @param file where
	 * @param sent counts the bytes of inputs
	 * @param received counts the bytes of outputs
	 * @return the memory, in which nothing is
	 * @throws IOException if there can be no such file
	 */
	public static PayloadMemory create(Path file, LongAdder sent, LongAdder received) throws IOException {
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW)) {
			return new PayloadMemory(file, channel.map(MapMode.READ_WRITE, 0, SIZE), sent, received);
		}
	}

	/**
	 * Returns the file.
	 * @return its path
	 */
	public Path file() {
		return this.file;
	}

	/**
	 * Begins to use it with one child: nothing of an earlier one's is needed any more.
	 * Parent only.
	 * @param answered the number of the task that was answered last: what is in the area
	 * for it, or for one before it, is not needed any more
	 * @return what writes values into the area
	 */
	public MemoryWriter inputs(LongSupplier answered) {
		MemoryWriter writer = new MemoryWriter(this, INPUTS, answered, this.sent);
		this.inputs = writer;
		return writer;
	}

	/**
	 * Begins to use the area for outputs. Child only.
	 * @return what writes values into the area
	 */
	public MemoryWriter outputs() {
		return new MemoryWriter(this, OUTPUTS, this::taken, this.received);
	}

	private long taken() {
		long number = this.map.getLong(TAKEN);
		VarHandle.acquireFence();
		return number;
	}

	/**
	 * Finds the value of a TASK or RESULT that is in memory.
	 * @param type which of them
	 * @param body its body, read up to its value
	 * @return where the value is
	 * @throws ProtocolException if there is no such place
	 */
	public Place find(FrameType type, FrameInput body) {
		int offset = body.readInt();
		int length = body.readInt();
		body.expectEnd();
		if (offset < 0 || length < 1 || length > AREA - offset) {
			throw new ProtocolException("a value of " + length + " bytes at " + offset + " of " + AREA);
		}
		return new Place(((type == FrameType.TASK) ? INPUTS : OUTPUTS) + offset, length);
	}

	/**
	 * Decodes a value. Calls must not overlap.
	 * @param place where it is
	 * @param codec knows its type
	 * @return the value, of which nothing is in memory any more
	 * @throws Exception if it can't be decoded
	 */
	public @Nullable Object read(Place place, ValueCodec codec) throws Exception {
		int length = place.length();
		this.received.add(length);
		if (this.map.get(place.at()) == SimpleValues.BYTES && SimpleValueCodec.readsBytes(codec)) {
			byte[] value = new byte[length - 1];
			this.map.get(place.at() + 1, value);
			return value;
		}
		// A copy, because nobody knows what the other side does with the memory
		// meanwhile.
		byte[] bytes = this.spare.take(length);
		this.map.get(place.at(), bytes, 0, length);
		Object value = codec.decode(bytes, 0, length);
		this.spare.give(bytes);
		return value;
	}

	/**
	 * Tells the child that an output has been read. Parent only.
	 * @param task the number of its task
	 */
	public void taken(long task) {
		VarHandle.releaseFence();
		this.map.putLong(TAKEN, task);
	}

	/**
	 * Takes blocks of the file system, so that no later write to the mapping can fail for
	 * lack of space. Leaves others at least as much as it takes.
	 */
	void reserve(int from, int to) throws IOException {
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

	/**
	 * Ends its use with one child, which is dead and has been read to the end: a thread
	 * that still wants to send it something finds no room. Parent only.
	 */
	public void retire() {
		MemoryWriter writer = this.inputs;
		if (writer != null) {
			writer.close();
		}
		taken(0);
	}

	/**
	 * Gives the memory back to the system; that it is mapped, until the garbage collector
	 * finds that nobody uses it, costs nothing then. Parent only, after {@link #retire}.
	 * @throws IOException if the file can't be written
	 */
	public void free() throws IOException {
		try (FileChannel channel = FileChannel.open(this.file, StandardOpenOption.WRITE)) {
			channel.truncate(0);
		}
	}

	void write(int at, ByteBuffer source) {
		this.map.put(at, source.array(), source.arrayOffset() + source.position(), source.remaining());
	}

}
