package io.vimap.protocol;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ThrowableCodec} and {@link ThrowableRebuilder}.
 */
@Timeout(60)
class ThrowableCodecTests {

	@Test
	void tracebackIsWhatPrintStackTracePrints() {
		for (Throwable throwable : samples()) {
			StringWriter printed = new StringWriter();
			throwable.printStackTrace(new PrintWriter(printed));
			assertThat(sent(throwable).formattedTraceback()).isEqualTo(printed.toString());
		}
	}

	@Test
	void rebuiltThrowablePrintsTheSame() {
		for (Throwable throwable : samples()) {
			assertThat(printed(rebuilt(throwable))).isEqualTo(printed(throwable));
		}
	}

	@Test
	void classMessageFramesCauseAndSuppressedComeBack() {
		for (Throwable throwable : samples()) {
			assertSame(rebuilt(throwable), throwable);
		}
	}

	@Test
	void classWithoutFittingConstructorGetsStandIn() {
		for (Throwable throwable : List.of(new Odd(1), new Changing("a"), new Hidden("h"), new Throwing("t", false),
				new Subclassed(), new IllegalStateException("outer", new Odd(2)))) {
			Throwable rebuilt = rebuilt(throwable);
			Throwable odd = (throwable.getCause() != null) ? rebuilt.getCause() : rebuilt;
			assertThat(odd).isInstanceOf(Substitute.class);
			assertThat(printed(rebuilt)).isEqualTo(printed(throwable));
		}
	}

	@Test
	void unknownClassGetsStandIn() {
		for (String name : List.of("no.such.Exception", "", "[I", "int", "java.lang.Object", "java.lang.Thread", "../x",
				"a".repeat(100_000), "java.lang.VirtualMachineError")) {
			DecodedThrowable data = new DecodedThrowable(name, "m", List.of(), null, List.of(), "");
			Throwable rebuilt = ThrowableRebuilder.rebuild(data, getClass().getClassLoader(), Substitute::new);
			assertThat(rebuilt).isInstanceOf(Substitute.class).hasMessage("m");
		}
	}

	@Test
	void noClassIsInitializedThatIsNoThrowable() {
		DecodedThrowable data = new DecodedThrowable(Explosive.class.getName(), "m", List.of(), null, List.of(), "");
		ThrowableRebuilder.rebuild(data, getClass().getClassLoader(), Substitute::new);
		assertThat(System.getProperty("vimap.test.exploded")).isNull();
	}

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
			out.limitTo(room);
			ThrowableCodec.encode(big, out);
			assertThat(out.size()).isLessThanOrEqualTo(room + 4);
			DecodedThrowable sent = ThrowableCodec.decode(out.array(), 4, out.size() - 4);
			assertThat(sent.className()).isEqualTo(IllegalStateException.class.getName());
			assertThat(sent.message()).startsWith("message message");
		}
	}

	@Test
	void bytesCutOffAreRefused() {
		for (Throwable throwable : samples()) {
			PayloadBuffer out = new PayloadBuffer(16);
			ThrowableCodec.encode(throwable, out);
			byte[] bytes = Arrays.copyOf(out.array(), out.size());
			for (int length = 0; length < bytes.length; length += 1 + bytes.length / 200) {
				int cut = length;
				assertThatExceptionOfType(ProtocolException.class)
					.isThrownBy(() -> ThrowableCodec.decode(bytes, 0, cut));
			}
		}
	}

	private static List<Throwable> samples() {
		Exception suppressing = new IllegalStateException("with suppressed", new IOException("disk full"));
		suppressing.addSuppressed(new IllegalArgumentException("first", new NoSuchElementException()));
		suppressing.addSuppressed(new Error((String) null));
		Exception withoutFrames = new Exception("no frames");
		withoutFrames.setStackTrace(new StackTraceElement[0]);
		Exception foreign = new Exception("foreign frames");
		foreign.setStackTrace(new StackTraceElement[] { new StackTraceElement("C", "m", "C.java", 1),
				new StackTraceElement("C", "m", null, -2),
				new StackTraceElement("plugin", "some.module", "1.2", "D", "<init>", "D.java", 7) });
		return List.of(new RuntimeException("simple"), new RuntimeException(), new RuntimeException((String) null),
				new RuntimeException(""), suppressing, withoutFrames, foreign, new AssertionError("assert"),
				new AssertionError("assert", new Exception("c")), new ExecutionException("failed", suppressing),
				new UncheckedIOException("io", new IOException("x")),
				new UndeclaredThrowableException(new Exception("inner"), "undeclared"), new Nested("nested"),
				new NullPointerException(), new OutOfMemoryError("heap"), new StackOverflowError(),
				new InterruptedException("i"), new Exception("üöä 漢字 \uD800 😀"),
				new ExceptionInInitializerError("eiie"), new RuntimeException(new IOException("cause's message")),
				deep(20));
	}

	private static Exception deep(int depth) {
		return (depth == 0) ? new Exception("bottom") : new Exception("level " + depth, deep(depth - 1));
	}

	private static void assertSame(@Nullable Throwable actual, @Nullable Throwable expected) {
		if (expected == null || actual == null) {
			assertThat(actual).isEqualTo(expected);
			return;
		}
		if (actual instanceof Substitute) {
			assertThat(expected).isInstanceOf(UndeclaredThrowableException.class);
		}
		else {
			assertThat(actual).hasSameClassAs(expected);
		}
		assertThat(actual.getMessage()).isEqualTo(expected.getMessage());
		assertThat(Arrays.toString(actual.getStackTrace())).isEqualTo(Arrays.toString(expected.getStackTrace()));
		assertSame(actual.getCause(), expected.getCause());
		assertThat(actual.getSuppressed()).hasSameSizeAs(expected.getSuppressed());
		for (int i = 0; i < expected.getSuppressed().length; i++) {
			assertSame(actual.getSuppressed()[i], expected.getSuppressed()[i]);
		}
	}

	private static int recurse(int depth) {
		return recurse(depth + 1) + 1;
	}

	private static String printed(Throwable throwable) {
		StringWriter printed = new StringWriter();
		throwable.printStackTrace(new PrintWriter(printed));
		return printed.toString();
	}

	private static Throwable rebuilt(Throwable throwable) {
		return ThrowableRebuilder.rebuild(sent(throwable), ThrowableCodecTests.class.getClassLoader(), Substitute::new);
	}

	private static DecodedThrowable sent(Throwable throwable) {
		PayloadBuffer out = new PayloadBuffer(16);
		out.writeInt(-1);
		ThrowableCodec.encode(throwable, out);
		int size = out.size();
		out.writeInt(-1);
		return ThrowableCodec.decode(out.array(), 4, size - 4);
	}

	static final class Substitute extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final String className;

		Substitute(String className, @Nullable String message, @Nullable Throwable cause) {
			super(message, cause);
			this.className = className;
		}

		@Override
		public String toString() {
			return (getMessage() != null) ? this.className + ": " + getMessage() : this.className;
		}

	}

	static class Nested extends Exception {

		private static final long serialVersionUID = 1L;

		public Nested(String message) {
			super(message);
		}

	}

	static class Odd extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Odd(int code) {
			super("code " + code);
		}

	}

	public static class Changing extends RuntimeException {

		private static final long serialVersionUID = 1L;

		public Changing(String message) {
			super("changed: " + message);
		}

	}

	static class Hidden extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private Hidden(String message) {
			super(message);
		}

	}

	public static class Throwing extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Throwing(String message, boolean ignored) {
			super(message);
		}

		public Throwing(String message) {
			throw new LinkageError("constructor");
		}

	}

	static class Subclassed extends RuntimeException {

		private static final long serialVersionUID = 1L;

		Subclassed() {
			super("m", null, false, false);
		}

	}

	static class Explosive {

		static {
			System.setProperty("vimap.test.exploded", "true");
		}

		public Explosive(String message) {
		}

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
