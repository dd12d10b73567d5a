package io.vimap.protocol;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values in memory: where they lie, and for how long.
 */
class PayloadMemoryTests {

	private static final ValueCodec BYTES = new SimpleValueCodec(byte[].class);

	@TempDir
	Path directory;

	private final LongAdder sent = new LongAdder();

	private final LongAdder received = new LongAdder();

	/** What the parent has had an answer to. */
	private final AtomicLong answered = new AtomicLong();

	private ParentPayloadMemory memory;

	private ChildPayloadMemory child;

	private MemoryWriter writer;

	@BeforeEach
	void create() throws IOException {
		Path file = this.directory.resolve("memory");
		this.memory = ParentPayloadMemory.create(file, this.sent, this.received);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			this.child = new ChildPayloadMemory(file,
					channel.map(FileChannel.MapMode.READ_WRITE, 0, PayloadMemory.SIZE));
		}
		this.writer = this.memory.inputs(this.answered::get);
	}

	/** A value that is moved into memory or not, in a frame like those before it. */
	private final class Sent {

		private final long task;

		private final byte[] value;

		private final PayloadBuffer out = new PayloadBuffer(64);

		private final boolean moved;

		private final int length;

		Sent(long task, byte[] value) throws Exception {
			this.task = task;
			this.value = value;
			int at = Frames.begin(this.out, FrameType.TASK);
			int valueAt = this.out.size();
			Frames.value(this.out, BYTES, value, Integer.MAX_VALUE);
			this.length = Frames.endValue(this.out, at, valueAt, task, PayloadMemoryTests.this.writer);
			this.moved = (this.out.array()[at + 4] & FrameType.IN_MEMORY) != 0;
		}

		void assertIntact() throws Exception {
			assertThat(Arrays.equals((byte[]) receive(this.out, PayloadMemoryTests.this.child, BYTES), this.value))
				.as("task %d", this.task)
				.isTrue();
		}

	}

	private static @Nullable Object receive(PayloadBuffer out, PayloadMemory memory, ValueCodec codec)
			throws Exception {
		return memory.find(body(out, Frames.HEADER)).decode(codec);
	}

	private static FrameInput body(PayloadBuffer out, int offset) {
		FrameInput body = new FrameInput();
		body.set(out.array(), offset, out.size() - offset);
		return body;
	}

	private Sent send(long task, int size) throws Exception {
		byte[] value = new byte[size];
		new Random(task).nextBytes(value);
		return new Sent(task, value);
	}

	@Test
	void aValueIsThereUntilItsTaskHasBeenAnswered() throws Exception {
		Random random = new Random(7);
		Deque<Sent> unanswered = new ArrayDeque<>();
		int moved = 0;
		int refused = 0;
		for (int task = 1; task <= 300; task++) {
			// Mostly small ones, so that there are many at once and ends don't meet.
			Sent sent = send(task, 64 * 1024 + random.nextInt((task % 5 == 0) ? 20_000_000 : 1_000_000));
			assertThat(sent.length).isEqualTo(sent.value.length + 1);
			if (sent.moved) {
				moved++;
				unanswered.add(sent);
			}
			else {
				refused++;
				assertThat(sent.out.length()).isEqualTo(Frames.HEADER + sent.length);
			}
			for (Sent each : unanswered) {
				each.assertIntact();
			}
			while (unanswered.size() > 1 && (!sent.moved || unanswered.size() > 12 || random.nextInt(10) < 4)) {
				sent = unanswered.remove();
				this.answered.set(sent.task);
			}
		}
		assertThat(moved).isGreaterThan(250);
		assertThat(refused).isGreaterThan(10);
	}

	@ParameterizedTest
	@CsvSource({ "65534, false", "65535, true", "67108863, true", "67108864, false", "80000000, false" })
	void whatIsShortOrLongerThanAnAreaStaysInTheFrame(int size, boolean moved) throws Exception {
		Sent sent = send(1, size);
		assertThat(sent.moved).isEqualTo(moved);
		assertThat(sent.out.length()).isEqualTo(Frames.HEADER + (moved ? 8 : sent.length));
		assertThat(this.sent.sum()).isEqualTo(moved ? sent.length : 0);
		if (moved) {
			sent.assertIntact();
		}
	}

	@Test
	void anOutputIsReadByTheParent() throws Exception {
		this.writer = this.child.outputs();
		Sent sent = send(1, 100_000);
		assertThat((byte[]) receive(sent.out, this.memory, BYTES)).isEqualTo(sent.value);
		assertThat(this.received.sum()).isEqualTo(sent.length);
		assertThat(this.sent.sum()).isZero();
	}

	@Test
	void blocksAreTakenAsTheyAreNeeded() throws Exception {
		Path file = this.memory.file();
		assertThat(blocks(file)).isLessThan(64 * 1024);
		send(1, 100_000);
		assertThat(blocks(file)).isBetween(1_000_000L, 1_100_000L);
		this.answered.set(1);
		send(2, 3_000_000);
		assertThat(blocks(file)).isBetween(3_000_000L, 3_200_000L);
		this.memory.retire();
		this.memory.free();
		assertThat(blocks(file)).isZero();
	}

	private static long blocks(Path file) throws Exception {
		Process process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
		return Long.parseLong(new String(process.getInputStream().readAllBytes()).trim()) * 512;
	}

	@Test
	void withoutSpaceValuesStayInTheirFrames() throws Exception {
		assertThat(send(1, 100_000).moved).isTrue();
		// No blocks can be added to a file that is gone.
		Files.delete(this.memory.file());
		Sent sent = send(2, 200_000);
		assertThat(sent.moved).isTrue();
		sent.assertIntact();
		assertThat(send(3, 2_000_000).moved).isFalse();
		this.answered.set(2);
		assertThat(send(4, 2_000_000).moved).isFalse();
		assertThat(send(5, 1_000_000).moved).isTrue();
	}

	@Test
	void aLateSenderFindsNoRoomWhenTheMemoryServesAnotherChild() throws Exception {
		MemoryWriter late = this.writer;
		assertThat(send(1, 100_000).moved).isTrue();
		this.memory.retire();
		this.writer = this.memory.inputs(this.answered::get);
		Sent next = send(1, 100_000);
		this.writer = late;
		assertThat(send(2, 100_000).moved).isFalse();
		next.assertIntact();
	}

	@Test
	void theChildUsesRoomAgainWhenTheParentHasTakenTheOutput() throws Exception {
		this.writer = this.child.outputs();
		assertThat(send(3, 40_000_000).moved).isTrue();
		assertThat(send(8, 40_000_000).moved).isFalse();
		this.memory.release(3);
		assertThat(send(9, 40_000_000).moved).isTrue();
	}

	@Test
	void aValueOfAnotherTypeIsDecodedFromACopy() throws Exception {
		ValueCodec text = new SimpleValueCodec(String.class);
		PayloadBuffer out = new PayloadBuffer(64);
		int at = Frames.begin(out, FrameType.TASK);
		int valueAt = out.size();
		Frames.value(out, text, "äß".repeat(100_000), Integer.MAX_VALUE);
		Frames.endValue(out, at, valueAt, 1, this.writer);
		assertThat(receive(out, this.child, text)).isEqualTo("äß".repeat(100_000));
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> receive(out, this.child, BYTES));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1 5", "0 0", "0 -1", "0 67108865", "67108864 1", "2147483647 2147483647", "1" })
	void aPlaceOutsideIsRefused(String numbers) {
		PayloadBuffer out = new PayloadBuffer(64);
		for (String number : numbers.split(" ")) {
			out.writeInt(Integer.parseInt(number));
		}
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> this.memory.find(body(out, 0)));
	}

}
