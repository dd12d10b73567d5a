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
 * The parent's end: writes inputs, reads outputs, and owns the file, which serves one
 * child after the other.
 */
public final class ParentPayloadMemory extends PayloadMemory {

	/** Open, because the file may have no name any more when it is given back. */
	private final FileChannel channel;

	private final LongAdder sent;

	private final LongAdder received;

	/** What writes for the present child; written by whoever talks to it. */
	private volatile @Nullable MemoryWriter inputs;

	private ParentPayloadMemory(Path file, FileChannel channel, MappedByteBuffer map, LongAdder sent,
			LongAdder received) {
		super(file, map, OUTPUTS);
		this.channel = channel;
		this.sent = sent;
		this.received = received;
	}

	/**
	 * Creates the file and maps it.
	 * @param file where
	 * @param sent counts the bytes of inputs
	 * @param received counts the bytes of outputs
	 * @return the memory, in which nothing is
	 * @throws IOException if there can be no such file
	 */
	public static ParentPayloadMemory create(Path file, LongAdder sent, LongAdder received) throws IOException {
		FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE,
				StandardOpenOption.CREATE_NEW);
		try {
			takeHead(channel);
			return new ParentPayloadMemory(file, channel, channel.map(MapMode.READ_WRITE, 0, SIZE), sent, received);
		}
		catch (IOException | RuntimeException | Error ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Takes the block before the areas, which both ends use, so that no later access to
	 * the mapping can fail for lack of space.
	 */
	private static void takeHead(FileChannel channel) throws IOException {
		ByteBuffer head = ByteBuffer.allocate(INPUTS);
		while (head.hasRemaining()) {
			channel.write(head, head.position());
		}
	}

	/**
	 * Begins to use it with one child: nothing of an earlier one's is needed any more.
	 * @param answered the number of the task that was answered last: what is in the area
	 * for it, or for one before it, is not needed any more
	 * @return what writes values into the area for inputs
	 */
	public MemoryWriter inputs(LongSupplier answered) {
		MemoryWriter writer = new MemoryWriter(this, INPUTS, answered);
		this.inputs = writer;
		return writer;
	}

	/**
	 * Tells the child that it may use the room of an output again, and of those before.
	 * @param task the number of the output's task
	 */
	public void release(long task) {
		VarHandle.releaseFence();
		this.map.putLong(TAKEN, task);
	}

	/**
	 * Ends its use with one child, which is dead and has been read to the end: a thread
	 * that still wants to send it something finds no room.
	 */
	public void retire() {
		MemoryWriter writer = this.inputs;
		if (writer != null) {
			writer.close();
		}
		release(0);
	}

	/**
	 * Gives the memory back to the system; that it is mapped, until the garbage collector
	 * finds that nobody uses it, costs nothing then. Once, after {@link #retire}; whether
	 * the file has been deleted makes no difference.
	 * @throws IOException if the file can't be written
	 */
	public void free() throws IOException {
		try (this.channel) {
			this.channel.truncate(0);
		}
	}

	@Override
	@Nullable Object read(int at, int length, ValueCodec codec) throws Exception {
		this.received.add(length);
		return super.read(at, length, codec);
	}

	@Override
	void write(int at, ByteBuffer source) {
		this.sent.add(source.remaining());
		super.write(at, source);
	}

}
