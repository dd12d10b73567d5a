package io.vimap.protocol;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.vimap.protocol.ThrowableCodecTests.rebuilt;
import static io.vimap.protocol.ThrowableCodecTests.sent;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThrowableCodec}: throwables that are endless, huge or misbehave are
 * sent all the same, as much of them as fits.
 */
@Timeout(60)
class HostileThrowableTests {

	@Test
	void hostileThrowablesAreSent() {
		for (Hostile.Trick trick : Hostile.Trick.values()) {
			Hostile hostile = new Hostile(trick);
			for (Throwable each : List.of(hostile, new RuntimeException("outer", hostile))) {
				DecodedThrowable sent = sent(each);
				assertThat(sent.className()).isEqualTo(each.getClass().getName());
				assertThat(sent.formattedTraceback()).isNotEmpty();
				assertThat(rebuilt(each)).isNotNull();
			}
		}
	}

	@Test
	void cyclesAreCut() {
		Exception first = new Exception("first");
		Exception second = new Exception("second", first);
		first.initCause(second);
		second.addSuppressed(first);
		DecodedThrowable sent = sent(first);
		assertThat(sent.cause()).isNotNull();
		assertThat(sent.cause().cause()).isNull();
		assertThat(sent.formattedTraceback()).contains("CIRCULAR REFERENCE");
	}

	@Test
	void hugeThrowablesAreCut() {
		Throwable chain = null;
		for (int i = 0; i < 1000; i++) {
			Exception next = new Exception("m" + i, chain);
			for (int k = 0; k < 10; k++) {
				next.addSuppressed(new Exception("s".repeat(10_000), chain));
			}
			chain = next;
		}
		PayloadBuffer out = new PayloadBuffer(16);
		ThrowableCodec.encode(chain, out);
		assertThat(out.size()).isLessThan(2 * 1024 * 1024 + 1);
		assertThat(ThrowableCodec.decode(out.array(), 0, out.size()).message()).isEqualTo("m999");
		Exception big = new Exception("x".repeat(10_000_000));
		assertThat(sent(big).message()).hasSizeBetween(65_536, 65_600).endsWith("more characters)");
		assertThat(sent(big).formattedTraceback()).hasSizeLessThan(262_144 + 100);
	}

	@Test
	void stackOverflowKeepsItsInnermostFrames() {
		StackOverflowError error = null;
		try {
			recurse(0);
		}
		catch (StackOverflowError ex) {
			error = ex;
		}
		DecodedThrowable sent = sent(error);
		assertThat(sent.frames()).hasSize(1024).startsWith(rebuilt(error).getStackTrace()[0]);
	}

	@Test
	void littleRoomKeepsTheMostImportant() {
		Exception big = new IllegalStateException("message ".repeat(1000), new IOException("cause ".repeat(1000)));
		for (int room : new int[] { 500, 1000, 5000, 20_000 }) {
			PayloadBuffer out = new PayloadBuffer(16);
			out.writeInt(1);
			out.limitTo(room, null);
			ThrowableCodec.encode(big, out);
			assertThat(out.size()).isLessThanOrEqualTo(room + 4);
			DecodedThrowable sent = ThrowableCodec.decode(out.array(), 4, out.size() - 4);
			assertThat(sent.className()).isEqualTo(IllegalStateException.class.getName());
			assertThat(sent.message()).startsWith("message message");
		}
	}

	private static int recurse(int depth) {
		return recurse(depth + 1) + 1;
	}

	/** Misbehaves in one way each. */
	static class Hostile extends RuntimeException {

		private static final long serialVersionUID = 1L;

		enum Trick {

			THROW, RETURN_NULL, RECURSE, ENDLESS_CAUSES, HUGE, NULL_FRAMES, MANY_FRAMES, RANDOM_ERROR

		}

		private final Trick trick;

		Hostile(Trick trick) {
			this.trick = trick;
		}

		@Override
		public String getMessage() {
			return switch (this.trick) {
				case THROW -> throw new IllegalStateException("getMessage");
				case RETURN_NULL -> null;
				case RECURSE -> getMessage() + "x";
				case HUGE -> "x".repeat(2_000_000);
				case RANDOM_ERROR -> throw new OutOfMemoryError("fake");
				default -> "hostile";
			};
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			return switch (this.trick) {
				case THROW, RANDOM_ERROR -> throw new NoClassDefFoundError("getStackTrace");
				case RETURN_NULL -> null;
				case RECURSE -> getStackTrace().clone();
				case NULL_FRAMES -> new StackTraceElement[] { null, new StackTraceElement("a", "b", null, 0), null };
				case MANY_FRAMES -> {
					StackTraceElement[] frames = new StackTraceElement[100_000];
					Arrays.fill(frames, new StackTraceElement("a".repeat(10_000), "b", "c", 0));
					yield frames;
				}
				default -> super.getStackTrace();
			};
		}

		@Override
		public synchronized Throwable getCause() {
			return switch (this.trick) {
				case THROW, RANDOM_ERROR -> throw new StackOverflowError();
				case RECURSE -> getCause().getCause();
				case ENDLESS_CAUSES -> new Hostile(this.trick);
				default -> super.getCause();
			};
		}

		@Override
		public String toString() {
			return switch (this.trick) {
				case THROW, RANDOM_ERROR -> throw new IllegalStateException("toString");
				case RETURN_NULL -> null;
				case RECURSE -> toString() + toString();
				default -> super.toString();
			};
		}

		@Override
		public boolean equals(Object other) {
			throw new IllegalStateException("equals");
		}

		@Override
		public int hashCode() {
			throw new IllegalStateException("hashCode");
		}

		@Override
		public void printStackTrace(PrintWriter writer) {
			throw new IllegalStateException("printStackTrace");
		}

	}

}
