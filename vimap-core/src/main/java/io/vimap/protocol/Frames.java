package io.vimap.protocol;

import java.nio.file.Path;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Appends frames to a {@link PayloadBuffer}. Most frames are written whole by one method;
 * those that end with a value or a throwable are begun with {@link #begin} and finished
 * with {@link #end}.
 */
public final class Frames {

	/** The version both sides must speak. */
	public static final int VERSION = 1;

	/** The first four bytes of a HELLO's body: "VIMP". */
	public static final int MAGIC = 0x56494d50;

	/** The bytes before a frame's body: length and type. */
	public static final int HEADER = 5;

	/** The longest HELLO. */
	public static final int HELLO_LIMIT = 1024;

	/**
	 * What a frame may have beyond {@code max-payload}, which does not bound throwables
	 * (2 MiB at most), nor the stacks of a deep recursion or of many threads.
	 */
	public static final int OVERHEAD = 16 * 1024 * 1024;

	private static final int LONGEST_TOPIC = 1024;

	private static final int LONGEST_MESSAGE = 64 * 1024;

	/** FAILURE: the worker threw. */
	public static final int WORKER_THREW = 0;

	/** FAILURE: the input could not be decoded. */
	public static final int INPUT_UNREADABLE = 1;

	/** FAILURE: the output could not be encoded. */
	public static final int OUTPUT_UNWRITABLE = 2;

	/** TASK flag: a context follows. */
	public static final int WITH_CONTEXT = 1;

	private Frames() {
	}

	/**
	 * Begins a frame.
	 * @param out where to
	 * @param type its type
	 * @return where the frame begins, for {@link #end}
	 */
	public static int begin(PayloadBuffer out, FrameType type) {
		int at = out.reserve(HEADER);
		out.array()[at + 4] = type.code();
		return at;
	}

	/**
	 * Ends a frame: sets its length.
	 * @param out where it is
	 * @param at what {@link #begin} returned
	 */
	public static void end(PayloadBuffer out, int at) {
		out.setInt(at, out.lengthFrom(at) - 4);
	}

	/**
	 * Begins a TASK; the value follows.
	 * @param out where to
	 * @param number the task's number on this connection
	 * @param context what travels with it, empty for nothing
	 * @return where the frame begins
	 */
	public static int beginTask(PayloadBuffer out, long number, Map<String, String> context) {
		int at = begin(out, FrameType.TASK);
		out.writeLong(number);
		if (context.isEmpty()) {
			out.writeByte(0);
		}
		else {
			out.writeByte(WITH_CONTEXT);
			writePairs(out, context);
		}
		return at;
	}

	/**
	 * Begins a RESULT; the value follows.
	 * @param out where to
	 * @param number the task's number
	 * @param nanos how long it ran
	 * @return where the frame begins
	 */
	public static int beginResult(PayloadBuffer out, long number, long nanos) {
		int at = begin(out, FrameType.RESULT);
		out.writeLong(number);
		out.writeLong(nanos);
		return at;
	}

	/**
	 * Begins a FAILURE; the throwable follows.
	 * @param out where to
	 * @param number the task's number
	 * @param nanos how long it ran
	 * @param kind what failed
	 * @return where the frame begins
	 */
	public static int beginFailure(PayloadBuffer out, long number, long nanos, int kind) {
		int at = begin(out, FrameType.FAILURE);
		out.writeLong(number);
		out.writeLong(nanos);
		out.writeByte(kind);
		return at;
	}

	/**
	 * Sets how long the task of a RESULT or FAILURE ran.
	 * @param out where the frame is
	 * @param at where it begins
	 * @param nanos how long
	 */
	public static void setNanos(PayloadBuffer out, int at, long nanos) {
		out.setLong(at + HEADER + Long.BYTES, nanos);
	}

	/**
	 * Appends the value of a TASK or RESULT.
	 * @param out where to; what has been appended when this method throws is taken back
	 * by the caller
	 * @param codec knows the value's type
	 * @param value the value; a large byte array is referred to and not copied, and must
	 * not change until it has been sent
	 * @param maxPayload how many bytes are allowed
	 * @throws Exception if the value can't be encoded or is too large
	 */
	public static void value(PayloadBuffer out, ValueCodec codec, @Nullable Object value, long maxPayload)
			throws Exception {
		out.limitTo(maxPayload, value);
		// Of a user's codec it is not known what it does with the buffer.
		out.sharing(codec instanceof SimpleValueCodec || codec instanceof ErasedValueCodec);
		try {
			codec.encode(value, out);
		}
		finally {
			out.sharing(false);
			out.unlimit();
		}
	}

	/**
	 * Ends a TASK or RESULT whose value may be large: moves it into memory if it is,
	 * there is memory and it has room, and sets the frame's length.
	 * @param out where the frame is
	 * @param at where it begins
	 * @param valueAt where its value begins
	 * @param task the number of its task
	 * @param memory takes large values, or {@code null} for none
	 * @return the length of the value in bytes, wherever it is
	 */
	public static int endValue(PayloadBuffer out, int at, int valueAt, long task, @Nullable MemoryWriter memory) {
		int length = out.lengthFrom(valueAt);
		if (length >= PayloadMemory.FROM && memory != null && memory.move(out, valueAt, task)) {
			out.array()[at + 4] |= (byte) FrameType.IN_MEMORY;
		}
		end(out, at);
		return length;
	}

	/**
	 * Finds the value of a TASK or RESULT.
	 * @param body its body, read up to its value
	 * @param memory where large values may be, or {@code null} for nowhere
	 * @return its place in memory, or {@code null} if the body itself ends with it
	 * @throws ProtocolException if there is no such place
	 */
	public static PayloadMemory.@Nullable Place place(FrameInput body, @Nullable PayloadMemory memory) {
		if (!body.isValueInMemory()) {
			return null;
		}
		if (memory == null) {
			throw new ProtocolException("a value in memory before there is any");
		}
		return memory.find(body);
	}

	/**
	 * Decodes the value of a TASK or RESULT. Calls must not overlap for one memory.
	 * @param body its body, read up to its value
	 * @param place its place in memory, or {@code null} if the body itself ends with it
	 * @param codec knows the value's type
	 * @return the value, which is a copy of what was sent
	 * @throws Exception if it can't be decoded
	 */
	public static @Nullable Object decode(FrameInput body, PayloadMemory.@Nullable Place place, ValueCodec codec)
			throws Exception {
		return (place != null) ? place.decode(codec) : codec.decode(body.array(), body.position(), body.remaining());
	}

	/**
	 * Appends a MEMORY.
	 * @param out where to
	 * @param file the file
	 */
	public static void memory(PayloadBuffer out, Path file) {
		int at = begin(out, FrameType.MEMORY);
		writeString(out, file.toString());
		end(out, at);
	}

	/**
	 * Appends a HELLO.
	 * @param out where to
	 * @param version the version of the child
	 * @param token the token it was given
	 * @param pid its process id
	 */
	public static void hello(PayloadBuffer out, int version, String token, long pid) {
		int at = begin(out, FrameType.HELLO);
		out.writeInt(MAGIC);
		out.writeInt(version);
		writeString(out, token);
		out.writeLong(pid);
		end(out, at);
	}

	/**
	 * Appends a frame without a body: RECALL, STOP or MAPPED.
	 * @param out where to
	 * @param type its type
	 */
	public static void bare(PayloadBuffer out, FrameType type) {
		end(out, begin(out, type));
	}

	/**
	 * Appends a frame whose body is one number: READY, RECALLED or INTERRUPT.
	 * @param out where to
	 * @param type its type
	 * @param number the number
	 */
	public static void number(PayloadBuffer out, FrameType type, long number) {
		int at = begin(out, type);
		out.writeLong(number);
		end(out, at);
	}

	/**
	 * Appends a DUMP.
	 * @param out where to
	 * @param request names the answer
	 */
	public static void dump(PayloadBuffer out, int request) {
		int at = begin(out, FrameType.DUMP);
		out.writeInt(request);
		end(out, at);
	}

	/**
	 * Checks what is to be sent as a SIGNAL.
	 * @param pool the pool, for messages
	 * @param topic its topic
	 * @param message its text
	 * @throws IllegalArgumentException if one of them is too long
	 */
	public static void checkSignal(String pool, String topic, String message) {
		checkLength(pool, "topic", topic, LONGEST_TOPIC);
		checkLength(pool, "message", message, LONGEST_MESSAGE);
	}

	private static void checkLength(String pool, String what, String text, int most) {
		int length = Objects.requireNonNull(text, () -> "'" + what + "' must not be null")
			.getBytes(StandardCharsets.UTF_8).length;
		if (length > most) {
			throw new IllegalArgumentException("A signal for pool '" + pool + "' has a " + what + " of " + length
					+ " bytes. Allowed: at most " + most + " bytes.");
		}
	}

	/**
	 * Appends a SIGNAL.
	 * @param out where to
	 * @param topic its topic
	 * @param message its text
	 */
	public static void signal(PayloadBuffer out, String topic, String message) {
		int at = begin(out, FrameType.SIGNAL);
		writeString(out, topic);
		writeString(out, message);
		end(out, at);
	}

	/**
	 * Appends a REFUSED.
	 * @param out where to
	 * @param reason why
	 */
	public static void refused(PayloadBuffer out, String reason) {
		int at = begin(out, FrameType.REFUSED);
		writeString(out, reason);
		end(out, at);
	}

	/**
	 * Appends a STACK.
	 * @param out where to
	 * @param number the task's number
	 * @param text the stack, empty if the task does not run
	 */
	public static void stack(PayloadBuffer out, long number, String text) {
		int at = begin(out, FrameType.STACK);
		out.writeLong(number);
		out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
		end(out, at);
	}

	/**
	 * Appends a THREADS.
	 * @param out where to
	 * @param request which request it answers
	 * @param text the stacks
	 */
	public static void threads(PayloadBuffer out, int request, String text) {
		int at = begin(out, FrameType.THREADS);
		out.writeInt(request);
		out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
		end(out, at);
	}

	static void writeString(PayloadBuffer out, String text) {
		writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
	}

	static void writeBytes(PayloadBuffer out, byte[] bytes) {
		out.writeInt(bytes.length);
		out.writeBytes(bytes);
	}

	static void writePairs(PayloadBuffer out, Map<String, String> pairs) {
		out.writeInt(pairs.size());
		for (Map.Entry<String, String> pair : pairs.entrySet()) {
			if (pair.getValue() == null) {
				throw new IllegalArgumentException("no value for '" + pair.getKey() + "' in the task's context");
			}
			writeString(out, pair.getKey());
			writeString(out, pair.getValue());
		}
	}

}
