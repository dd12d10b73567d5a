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
			assertThat(sent(throwable).formattedTraceback()).isEqualTo(printed(throwable));
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

	private static String printed(Throwable throwable) {
		StringWriter printed = new StringWriter();
		throwable.printStackTrace(new PrintWriter(printed));
		return printed.toString();
	}

	static Throwable rebuilt(Throwable throwable) {
		return ThrowableRebuilder.rebuild(sent(throwable), ThrowableCodecTests.class.getClassLoader(), Substitute::new);
	}

	static DecodedThrowable sent(Throwable throwable) {
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

}
