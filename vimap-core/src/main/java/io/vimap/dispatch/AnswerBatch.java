package io.vimap.dispatch;

import java.util.Arrays;

import io.vimap.pool.ExceptionContext;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.Frames;
import io.vimap.protocol.ParentPayloadMemory;
import io.vimap.protocol.PayloadMemory;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.RemoteThrowables;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one read, oldest first. Reader thread only.
 */
final class AnswerBatch {

	/** An answer that is no output. */
	record Failed(int kind, ExceptionContext context) {
	}

	private final ValueCodec outputs;

	private final LargeValues large;

	private int size;

	private long[] numbers = new long[64];

	private long[] nanos = new long[64];

	/** Outputs, and {@link Failed}. */
	private @Nullable Object[] values = new Object[64];

	private long bytes;

	AnswerBatch(ValueCodec outputs, LargeValues large) {
		this.outputs = outputs;
		this.large = large;
	}

	int size() {
		return this.size;
	}

	/** Reads a RESULT. */
	void addResult(FrameInput body) {
		long number = body.readLong();
		long ran = body.readLong();
		ParentPayloadMemory memory = this.large.memory();
		PayloadMemory.Place place = Frames.place(body, memory);
		int length = (place != null) ? place.length() : body.remaining();
		this.bytes += length;
		this.large.seen(length);
		add(number, ran, decode(body, place));
		if (place != null && memory != null) {
			memory.release(number);
		}
	}

	private @Nullable Object decode(FrameInput body, PayloadMemory.@Nullable Place place) {
		try {
			return Frames.decode(body, place, this.outputs);
		}
		catch (Throwable ex) {
			return new Failed(TaskFailures.OUTPUT_UNREADABLE, ExceptionContext.of(ex));
		}
	}

	/** Reads a FAILURE. */
	void addFailure(FrameInput body) {
		long number = body.readLong();
		long ran = body.readLong();
		int kind = body.readByte();
		add(number, ran, new Failed(kind, RemoteThrowables.decode(body)));
	}

	private void add(long number, long ran, @Nullable Object value) {
		int at = this.size;
		if (at == this.numbers.length) {
			this.numbers = Arrays.copyOf(this.numbers, at * 2);
			this.nanos = Arrays.copyOf(this.nanos, at * 2);
			this.values = Arrays.copyOf(this.values, at * 2);
		}
		this.numbers[at] = number;
		this.nanos[at] = ran;
		this.values[at] = value;
		this.size = at + 1;
	}

	/** The number of the task that is answered. */
	long number(int at) {
		return this.numbers[at];
	}

	/** How long it ran. */
	long nanos(int at) {
		return this.nanos[at];
	}

	/** Its output, or {@link Failed}. */
	@Nullable Object value(int at) {
		return this.values[at];
	}

	/** The bytes of all outputs. */
	long bytes() {
		return this.bytes;
	}

	void clear() {
		Arrays.fill(this.values, 0, this.size, null);
		this.size = 0;
		this.bytes = 0;
	}

}
