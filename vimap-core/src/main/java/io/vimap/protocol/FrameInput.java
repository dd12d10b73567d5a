package io.vimap.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the body of one frame. Every read is checked against the frame's end. Not safe
 * for use by several threads at once; a view of an {@link InboundBuffer} that is valid
 * until that buffer is read into again.
 */
public final class FrameInput {

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private byte[] bytes = new byte[0];

	private int position;

	private int end;

	private boolean valueInMemory;

	/**
	 * Points this at a body.
	 * @param source the array
	 * @param offset where the body begins
	 * @param length how long it is
	 */
	public void set(byte[] source, int offset, int length) {
		this.bytes = source;
		this.position = offset;
		this.end = offset + length;
		this.valueInMemory = false;
	}

	void valueInMemory() {
		this.valueInMemory = true;
	}

	/**
	 * Says where the value of this frame is.
	 * @return whether it is in the {@link PayloadMemory}, and the body ends with its
	 * place
	 */
	boolean isValueInMemory() {
		return this.valueInMemory;
	}

	/**
	 * Returns the array this reads from.
	 * @return the array
	 */
	public byte[] array() {
		return this.bytes;
	}

	/**
	 * Returns where the next read begins.
	 * @return the position in {@link #array}
	 */
	public int position() {
		return this.position;
	}

	/**
	 * Returns where the body ends.
	 * @return the position in {@link #array} behind the last byte
	 */
	int end() {
		return this.end;
	}

	/**
	 * Returns how many bytes are left.
	 * @return the number of bytes up to the end of the body
	 */
	public int remaining() {
		return this.end - this.position;
	}

	/**
	 * Reads one byte.
	 * @return the byte, 0 to 255
	 * @throws ProtocolException if none is left
	 */
	public int readByte() {
		return this.bytes[advance(1)] & 0xff;
	}

	/**
	 * Reads four bytes.
	 * @return the number
	 * @throws ProtocolException if fewer are left
	 */
	public int readInt() {
		return (int) INT.get(this.bytes, advance(4));
	}

	/**
	 * Reads eight bytes.
	 * @return the number
	 * @throws ProtocolException if fewer are left
	 */
	public long readLong() {
		return (long) LONG.get(this.bytes, advance(8));
	}

	/**
	 * Reads a counted string.
	 * @return the string
	 * @throws ProtocolException if the body is too short
	 */
	public String readString() {
		int length = readCount();
		return new String(this.bytes, advance(length), length, StandardCharsets.UTF_8);
	}

	/**
	 * Reads counted bytes.
	 * @return a new array
	 * @throws ProtocolException if the body is too short
	 */
	public byte[] readBytes() {
		int length = readCount();
		byte[] result = new byte[length];
		System.arraycopy(this.bytes, advance(length), result, 0, length);
		return result;
	}

	/**
	 * Reads all that is left as text.
	 * @return the text
	 */
	public String readText() {
		int length = remaining();
		return new String(this.bytes, advance(length), length, StandardCharsets.UTF_8);
	}

	/**
	 * Reads counted pairs of strings.
	 * @return a new map in the order of the frame
	 * @throws ProtocolException if the body is too short
	 */
	public Map<String, String> readPairs() {
		int count = readCount();
		Map<String, String> pairs = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			pairs.put(readString(), readString());
		}
		return pairs;
	}

	/**
	 * Checks that the body has been read to its end.
	 * @throws ProtocolException if bytes are left
	 */
	public void expectEnd() {
		if (remaining() != 0) {
			throw new ProtocolException(remaining() + " bytes are left over at the end of a frame");
		}
	}

	private int readCount() {
		int count = readInt();
		if (count < 0 || count > remaining()) {
			throw new ProtocolException("a count of " + count + " where " + remaining() + " bytes are left");
		}
		return count;
	}

	private int advance(int count) {
		int at = this.position;
		if (count > this.end - at) {
			throw new ProtocolException("a frame ends " + (count - (this.end - at)) + " bytes too early");
		}
		this.position = at + count;
		return at;
	}

}
