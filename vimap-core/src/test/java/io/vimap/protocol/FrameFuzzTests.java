package io.vimap.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a lying peer may send: frames with flipped, missing, added and repeated bytes.
 * Each side's decoder takes them or refuses them with a {@link ProtocolException}; it
 * never fails in another way, and never reads beyond a frame.
 */
class FrameFuzzTests {

	private static final int ROUNDS = 120_000;

	private static final int FRAME_LIMIT = 64 * 1024;

	private static final byte[] FAILURE = encoded(new IllegalStateException("x", new Error("y")));

	private static final byte[] CLEANUP = encoded(new Exception("cleanup"));

	/** With few frames, or nearly all that is changed are frames of JUnit. */
	private static byte[] encoded(Throwable throwable) {
		for (Throwable each = throwable; each != null; each = each.getCause()) {
			each.setStackTrace(Arrays.copyOf(each.getStackTrace(), 5));
		}
		PayloadBuffer out = new PayloadBuffer(64);
		ThrowableCodec.encode(throwable, out);
		return Arrays.copyOf(out.array(), out.size());
	}

	private enum Side {

		/** Reads what children send. */
		PARENT {

			@Override
			void write(PayloadBuffer out, Random random) {
				switch (random.nextInt(9)) {
					case 0 -> Frames.hello(out, Frames.VERSION, "0123456789abcdef", random.nextLong());
					case 1 -> Frames.number(out, FrameType.READY, random.nextLong());
					case 2 -> Frames.number(out, FrameType.RECALLED, random.nextLong());
					case 3 -> Frames.stack(out, random.nextLong(), "\tat a.B.c(B.java:1)\n");
					case 4 -> Frames.threads(out, random.nextInt(), "\"main\" RUNNABLE\n");
					case 5 -> {
						int at = Frames.beginResult(out, random.nextLong(), random.nextLong());
						out.writeByte(random.nextInt(20));
						out.writeInt(random.nextInt());
						Frames.end(out, at);
					}
					case 7 -> Frames.bare(out, FrameType.MAPPED);
					case 6 -> {
						int at = Frames.beginFailure(out, random.nextLong(), random.nextLong(), random.nextInt(3));
						out.writeBytes(FAILURE);
						Frames.end(out, at);
					}
					default -> {
						int at = Frames.begin(out, FrameType.GOODBYE);
						out.writeByte(1);
						out.writeBytes(CLEANUP);
						Frames.end(out, at);
					}
				}
			}

			@Override
			void read(FrameType type, FrameInput in) {
				switch (type) {
					case HELLO -> Hello.read(in);
					case READY, RECALLED -> {
						in.readLong();
						in.expectEnd();
					}
					case STACK -> {
						in.readLong();
						in.readText();
					}
					case THREADS -> {
						in.readInt();
						in.readText();
					}
					case MAPPED -> in.expectEnd();
					case RESULT -> {
						in.readLong();
						in.readLong();
						assertThat(in.remaining()).isNotNegative();
					}
					case FAILURE -> {
						in.readLong();
						in.readLong();
						in.readByte();
						ThrowableCodec.decode(in.array(), in.position(), in.remaining());
					}
					case START_FAILED, GOODBYE -> {
						in.readByte();
						ThrowableCodec.decode(in.array(), in.position(), in.remaining());
					}
					default -> throw new ProtocolException("a " + type + " from the child");
				}
			}

		},

		/** Reads what the parent sends. */
		CHILD {

			@Override
			void write(PayloadBuffer out, Random random) {
				switch (random.nextInt(7)) {
					case 0 -> new Welcome("pool", 1, 2, Welcome.Kind.WORKER_CLASS, bytes("a.B"), bytes("{}"), "auto",
							DeclaredType.encode(String.class), new byte[0], 64, Map.of("topic", "message"))
						.write(out);
					case 1 -> {
						int at = Frames.beginTask(out, random.nextLong(), Map.of("traceId", "1", "user", "é"));
						out.writeInt(random.nextInt());
						Frames.end(out, at);
					}
					case 2 -> Frames.number(out, FrameType.INTERRUPT, random.nextLong());
					case 3 -> Frames.dump(out, random.nextInt());
					case 5 -> Frames.memory(out, Path.of("/tmp/vimap-1/memory-1"));
					case 4 -> Frames.signal(out, "log-level", "io.vimap=DEBUG");
					default -> Frames.bare(out, random.nextBoolean() ? FrameType.RECALL : FrameType.STOP);
				}
			}

			@Override
			void read(FrameType type, FrameInput in) {
				switch (type) {
					case WELCOME -> Welcome.read(in);
					case TASK -> {
						in.readLong();
						if ((in.readByte() & Frames.WITH_CONTEXT) != 0) {
							in.readPairs();
						}
					}
					case INTERRUPT -> in.readLong();
					case DUMP -> in.readInt();
					case SIGNAL -> {
						in.readString();
						in.readString();
					}
					case REFUSED, MEMORY -> in.readString();
					case RECALL, STOP -> in.expectEnd();
					default -> throw new ProtocolException("a " + type + " from the parent");
				}
			}

		};

		abstract void write(PayloadBuffer out, Random random);

		abstract void read(FrameType type, FrameInput in);

		private static byte[] bytes(String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}

	}

	@ParameterizedTest
	@EnumSource(Side.class)
	void refusesOrTakesWhateverArrives(Side side) {
		long seed = System.nanoTime();
		System.out.println("FrameFuzzTests, " + side + ": seed " + seed);
		Random random = new Random(seed);
		int taken = 0;
		int refused = 0;
		for (int round = 0; round < ROUNDS; round++) {
			PayloadBuffer out = new PayloadBuffer(256);
			side.write(out, random);
			side.write(out, random);
			byte[] sent = mutate(out, random);
			InboundBuffer in = new InboundBuffer(FRAME_LIMIT);
			in.append(ByteBuffer.wrap(sent));
			FrameInput input = new FrameInput();
			try {
				FrameType type;
				while ((type = in.next(input)) != null) {
					if (input.position() + input.remaining() > input.array().length) {
						throw new AssertionError("reads beyond the buffer");
					}
					side.read(type, input);
					taken++;
				}
			}
			catch (ProtocolException ex) {
				refused++;
			}
			catch (RuntimeException | Error ex) {
				throw new AssertionError("seed " + seed + ", round " + round, ex);
			}
		}
		assertThat(taken).as("frames that were taken").isGreaterThan(ROUNDS / 10);
		assertThat(refused).as("frames that were refused").isGreaterThan(ROUNDS / 10);
	}

	private static byte[] mutate(PayloadBuffer out, Random random) {
		byte[] bytes = Arrays.copyOf(out.array(), out.size());
		for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
			switch (random.nextInt(4)) {
				case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
				case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
				case 2 -> bytes = Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length));
				default -> {
					int from = random.nextInt(bytes.length);
					int length = Math.min(bytes.length - from, 1 + random.nextInt(8));
					int at = random.nextInt(bytes.length - length + 1);
					System.arraycopy(bytes, from, bytes, at, length);
				}
			}
		}
		return bytes;
	}

}
