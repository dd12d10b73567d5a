package io.vimap.protocol;

import java.util.ArrayList;
import java.util.List;

import io.vimap.protocol.CapturedThrowable.Limits;
import org.jspecify.annotations.Nullable;

/**
 * Sends a throwable as plain data: class name, message, frames, causes, suppressed
 * throwables and the formatted traceback. No class of one process is needed in the other,
 * nothing is deserialized, and nothing but the JDK is used. {@link ThrowableRebuilder}
 * makes a throwable of it again.
 * <p>
 * At most 50 causes follow each other, a throwable has at most 1024 frames, a message
 * 65,536 characters, the traceback 262,144; what is longer is cut and says so.
 */
public final class ThrowableCodec {

	private static final int VERSION = 1;

	private static final int MAX_BYTES = 2 * 1024 * 1024;

	/** From as much as possible down to what always fits. */
	private static final Limits[] LIMITS = { new Limits(50, 256, 1024, 65_536, 262_144),
			new Limits(20, 40, 128, 4096, 32_768), new Limits(3, 4, 16, 512, 2048), new Limits(0, 1, 0, 80, 200) };

	private ThrowableCodec() {
	}

	/**
	 * Appends a throwable. Whatever its methods do, this method does not throw unless the
	 * buffer has not even room for the name of its class: what does not fit is left out.
	 * @param throwable the throwable
	 * @param out receives the bytes: at most 2 MiB
	 * @throws PayloadTooLargeException if {@code out} has no room for some 500 bytes
	 */
	public static void encode(Throwable throwable, PayloadBuffer out) {
		int allowed = Math.min(MAX_BYTES, out.room());
		for (Limits limits : LIMITS) {
			try {
				PayloadBuffer buffer = new PayloadBuffer(Math.min(8192, allowed));
				buffer.limitTo(allowed, throwable);
				CapturedThrowable captured = CapturedThrowable.of(throwable, limits);
				write(captured, TracebackFormat.format(captured, limits.traceback()), buffer);
				out.write(buffer.array(), 0, buffer.size());
				return;
			}
			catch (Throwable ex) {
				// Too large, or out of memory or stack: try again with less
			}
		}
		String name = throwable.getClass().getName();
		write(new CapturedThrowable(name, null, name, List.of(), 0, null, null, List.of()), "", out);
	}

	private static void write(CapturedThrowable captured, String traceback, PayloadBuffer out) {
		out.writeByte(VERSION);
		writeText(traceback, out);
		writeTree(captured, out);
	}

	private static void writeTree(CapturedThrowable captured, PayloadBuffer out) {
		writeText(captured.className(), out);
		writeText(captured.message(), out);
		out.writeInt(captured.framesInCommon());
		out.writeInt(captured.frames().size());
		for (StackTraceElement frame : captured.frames()) {
			writeFrame(frame, out);
		}
		out.writeInt((captured.cause() != null) ? 1 : 0);
		if (captured.cause() != null) {
			writeTree(captured.cause(), out);
		}
		out.writeInt(captured.suppressed().size());
		for (CapturedThrowable suppressed : captured.suppressed()) {
			writeTree(suppressed, out);
		}
	}

	/**
	 * A frame's text leaves out the loaders and module versions that are the same
	 * everywhere, by marks that only the JVM can set. What the text leaves out must not
	 * be sent, or the rebuilt frame would print it.
	 */
	private static void writeFrame(StackTraceElement frame, PayloadBuffer out) {
		String text = frame.toString();
		String loader = frame.getClassLoaderName();
		String version = frame.getModuleVersion();
		writeText((loader != null && text.startsWith(loader + "/")) ? loader : null, out);
		writeText(frame.getModuleName(), out);
		writeText((version != null && text.contains(frame.getModuleName() + "@" + version + "/")) ? version : null,
				out);
		writeText(frame.getClassName(), out);
		writeText(frame.getMethodName(), out);
		writeText(frame.getFileName(), out);
		out.writeInt(frame.getLineNumber());
	}

	private static void writeText(@Nullable String text, PayloadBuffer out) {
		if (text == null) {
			out.writeInt(-1);
			return;
		}
		int at = out.size();
		out.writeInt(0);
		Text.write(text, out);
		out.setInt(at, out.size() - at - Integer.BYTES);
	}

	/**
	 * Decodes what {@link #encode} appended.
	 * @param bytes holds the bytes
	 * @param offset where they begin
	 * @param length how many they are
	 * @return the throwable as data
	 * @throws ProtocolException if the bytes are no throwable
	 */
	public static DecodedThrowable decode(byte[] bytes, int offset, int length) {
		PayloadReader in = new PayloadReader(bytes, offset, length);
		int version = in.readByte();
		if (version != VERSION) {
			throw new ProtocolException("throwable of version " + version + ": only " + VERSION + " is known");
		}
		String traceback = required(in);
		DecodedThrowable decoded = readTree(in, traceback, List.of(), new int[1], 0);
		in.requireEnd();
		return decoded;
	}

	private static DecodedThrowable readTree(PayloadReader in, String traceback, List<StackTraceElement> enclosing,
			int[] throwables, int depth) {
		Limits limits = LIMITS[0];
		if (depth > limits.depth() || ++throwables[0] > limits.throwables()) {
			throw new ProtocolException("more throwables in one than are ever sent");
		}
		String className = required(in);
		String message = in.readText();
		int common = in.readCount(enclosing.size());
		int own = in.readCount(limits.frames() - common);
		List<StackTraceElement> frames = new ArrayList<>();
		for (int i = 0; i < own; i++) {
			frames.add(readFrame(in));
		}
		frames.addAll(enclosing.subList(enclosing.size() - common, enclosing.size()));
		DecodedThrowable cause = (in.readCount(1) == 1) ? readTree(in, "", frames, throwables, depth + 1) : null;
		int count = in.readCount(limits.throwables());
		List<DecodedThrowable> suppressed = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			suppressed.add(readTree(in, "", frames, throwables, depth + 1));
		}
		return new DecodedThrowable(className, message, frames, cause, suppressed, traceback);
	}

	private static StackTraceElement readFrame(PayloadReader in) {
		String loader = in.readText();
		String module = in.readText();
		String version = in.readText();
		return new StackTraceElement(loader, module, version, required(in), required(in), in.readText(), in.readInt());
	}

	private static String required(PayloadReader in) {
		String text = in.readText();
		if (text == null) {
			throw new ProtocolException("a text of a throwable is missing");
		}
		return text;
	}

}
