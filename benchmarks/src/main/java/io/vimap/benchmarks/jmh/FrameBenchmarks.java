package io.vimap.benchmarks.jmh;

import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.vimap.protocol.FrameInput;
import io.vimap.protocol.Frames;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.PayloadBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Writing and reading frames in memory, per frame.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameBenchmarks {

	private static final int FRAMES = 1_000;

	private final PayloadBuffer out = new PayloadBuffer(64 * 1024);

	private byte[] tasks = new byte[0];

	/** Makes the frames that {@link #readTasks} reads. */
	@Setup
	public void prepare() {
		writeTasks();
		this.tasks = ByteBuffer.allocate(this.out.size()).put(this.out.array(), 0, this.out.size()).array();
	}

	/**
	 * Writes tasks with a body of four bytes.
	 * @return their bytes
	 */
	@Benchmark
	@OperationsPerInvocation(FRAMES)
	public int writeTasks() {
		this.out.truncate(0);
		for (int i = 1; i <= FRAMES; i++) {
			int at = Frames.beginTask(this.out, i, Map.of());
			this.out.writeInt(i);
			Frames.end(this.out, at);
		}
		return this.out.size();
	}

	/**
	 * Reads tasks.
	 * @return the sum of their numbers
	 * @throws IOException never
	 */
	@Benchmark
	@OperationsPerInvocation(FRAMES)
	public long readTasks() throws IOException {
		InboundBuffer in = new InboundBuffer(1024);
		FrameInput input = new FrameInput();
		ReadableByteChannel channel = Channels.newChannel(new ByteArrayInputStream(this.tasks));
		long sum = 0;
		do {
			while (in.next(input) != null) {
				sum += input.readLong();
			}
		}
		while (in.read(channel) >= 0);
		return sum;
	}

}
