package io.vimap.benchmarks.jmh;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.ChildPayloadMemory;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.Frames;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.MemoryWriter;
import io.vimap.protocol.ParentPayloadMemory;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadMemory;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Large values on their way through memory, without the socket: what the parent does to
 * write an input, and the child to read it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LargeValueBenchmarks {

	/** The length of the value in bytes. */
	@Param({ "65536", "1048576" })
	private int length;

	private final ValueCodec codec = new AutoCodec().prepare(byte[].class);

	private final PayloadBuffer out = new PayloadBuffer(1024);

	private final InboundBuffer in = new InboundBuffer(1024);

	private final FrameInput body = new FrameInput();

	private byte[] value = new byte[0];

	private byte[] frame = new byte[0];

	/** The number of the last task, which is also the last that was answered. */
	private long number;

	private @Nullable Path directory;

	private @Nullable ParentPayloadMemory parent;

	private @Nullable ChildPayloadMemory child;

	private @Nullable MemoryWriter inputs;

	/**
	 * Makes the memory and the frame that {@link #read} reads.
	 * @throws Exception never
	 */
	@Setup
	public void prepare() throws Exception {
		this.value = new byte[this.length];
		this.directory = Files.createTempDirectory("vimap-benchmark-");
		Path file = this.directory.resolve("memory");
		this.parent = ParentPayloadMemory.create(file, new LongAdder(), new LongAdder());
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			this.child = new ChildPayloadMemory(file, channel.map(MapMode.READ_WRITE, 0, PayloadMemory.SIZE));
		}
		this.inputs = this.parent.inputs(() -> this.number);
		write();
		this.frame = ByteBuffer.allocate(this.out.size()).put(this.out.array(), 0, this.out.size()).array();
	}

	/**
	 * Removes the memory.
	 * @throws IOException never
	 */
	@TearDown
	public void remove() throws IOException {
		if (this.directory != null && this.parent != null) {
			Files.delete(this.parent.file());
			Files.delete(this.directory);
		}
	}

	/**
	 * Writes a task.
	 * @return the bytes of its frame
	 * @throws Exception never
	 */
	@Benchmark
	public int write() throws Exception {
		this.out.truncate(0);
		this.number++;
		int at = Frames.beginTask(this.out, this.number, Map.of());
		int valueAt = this.out.size();
		Frames.value(this.out, this.codec, this.value, Integer.MAX_VALUE);
		Frames.endValue(this.out, at, valueAt, this.number, this.inputs);
		return this.out.size();
	}

	/**
	 * Reads a task.
	 * @return its value
	 * @throws Exception never
	 */
	@Benchmark
	public @Nullable Object read() throws Exception {
		ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(this.frame));
		this.in.read(channel);
		if (this.in.next(this.body) == null) {
			throw new IllegalStateException("no frame");
		}
		this.body.readLong();
		this.body.readByte();
		return Frames.decode(this.body, Frames.place(this.body, this.child), this.codec);
	}

}
