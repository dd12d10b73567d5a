package io.vimap.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

/**
 * Reads what was appended to a {@link PayloadBuffer}. Whatever the bytes say, it stays
 * within them and allocates no more than they justify. Not safe for use by several
 * threads at once.
 */
final class PayloadReader {

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private final byte[] bytes;

	private final int end;

	private int position;

	PayloadReader(byte[] bytes, int offset, int length) {
		this.bytes = bytes;
		this.position = offset;
		this.end = offset + length;
	}

	int readByte() {
		return this.bytes[advance(1)] & 0xFF;
	}

	int readInt() {
		return (int) INT.get(this.bytes, advance(Integer.BYTES));
	}

	/** Reads a number of things that has an upper bound. */
	int readCount(int most) {
		int count = readInt();
		if (count < 0 || count > most) {
			throw new ProtocolException(
					"a count of " + Integer.toUnsignedString(count) + " where at most " + most + " is possible");
		}
		return count;
	}

	/** Reads a length, −1 for {@code null}, and a {@link Text} of that length. */
	@Nullable String readText() {
		int length = readInt();
		if (length == -1) {
			return null;
		}
		int at = advance(length);
		if (length == 0) {
			throw new ProtocolException("text without a form");
		}
		return Text.read(this.bytes[at], this.bytes, at + 1, length - 1);
	}

	void requireEnd() {
		if (this.position != this.end) {
			throw new ProtocolException((this.end - this.position) + " bytes are left over");
		}
	}

	private int advance(int length) {
		int at = this.position;
		if (length < 0 || length > this.end - at) {
			throw new ProtocolException("a length of " + Integer.toUnsignedString(length) + " where " + (this.end - at)
					+ " bytes are left");
		}
		this.position = at + length;
		return at;
	}

}
