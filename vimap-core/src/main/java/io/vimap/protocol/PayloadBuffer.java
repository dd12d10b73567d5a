package io.vimap.protocol;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing array of bytes that frames and values are appended to. All numbers are
 * big-endian. Not safe for use by several threads at once.
 */
public final class PayloadBuffer extends OutputStream {

	private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private byte[] bytes;

	private int size;

	/** No write may bring {@link #size} above this. */
	private int limit = Integer.MAX_VALUE - 16;

	/** Where the bound counts from. */
	private int limitedFrom;

	/**
	 * Creates an empty buffer.
	 * @param capacity how many bytes it has room for at first
	 */
	public PayloadBuffer(int capacity) {
		this.bytes = new byte[capacity];
	}

	/**
	 * Returns the array that holds the content. Valid until the next append.
	 * @return the array, of which the first {@link #size} bytes are the content
	 */
	public byte[] array() {
		return this.bytes;
	}

	/**
	 * Returns the number of bytes.
	 * @return the number of bytes appended so far
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Drops all bytes from a position on.
	 * @param newSize the new size, at most the present one
	 */
	public void truncate(int newSize) {
		this.size = newSize;
	}

	/**
	 * Drops the first bytes and moves the rest to the beginning.
	 * @param count how many, at most the size
	 */
	public void discard(int count) {
		System.arraycopy(this.bytes, count, this.bytes, 0, this.size - count);
		this.size -= count;
	}

	/**
	 * Drops all content, and the array too if it has become larger than {@code keep}.
	 * @param keep the largest array worth keeping, in bytes
	 */
	public void reset(int keep) {
		this.size = 0;
		if (this.bytes.length > keep) {
			this.bytes = new byte[keep];
		}
	}

	/**
	 * Bounds what may be appended from here on.
	 * @param more the number of bytes that may still be appended
	 */
	public void limitTo(long more) {
		this.limit = (int) Math.min(Integer.MAX_VALUE - 16, this.size + more);
		this.limitedFrom = this.size;
	}

	/**
	 * Takes the bound of {@link #limitTo} away.
	 */
	public void unlimit() {
		this.limit = Integer.MAX_VALUE - 16;
		this.limitedFrom = 0;
	}

	@Override
	public void write(int value) {
		writeByte(value);
	}

	@Override
	public void write(byte[] source, int offset, int length) {
		int at = reserve(length);
		System.arraycopy(source, offset, this.bytes, at, length);
	}

	/**
	 * Appends bytes.
	 * @param source the bytes
	 */
	public void writeBytes(byte[] source) {
		write(source, 0, source.length);
	}

	/**
	 * Appends one byte.
	 * @param value the byte; its higher bits are ignored
	 */
	public void writeByte(int value) {
		int at = reserve(1);
		this.bytes[at] = (byte) value;
	}

	/**
	 * Appends two bytes.
	 * @param value the number; its higher bits are ignored
	 */
	public void writeShort(int value) {
		int at = reserve(2);
		SHORT.set(this.bytes, at, (short) value);
	}

	/**
	 * Appends four bytes.
	 * @param value the number
	 */
	public void writeInt(int value) {
		int at = reserve(4);
		INT.set(this.bytes, at, value);
	}

	/**
	 * Appends eight bytes.
	 * @param value the number
	 */
	public void writeLong(long value) {
		int at = reserve(8);
		LONG.set(this.bytes, at, value);
	}

	/**
	 * Overwrites four bytes that have been appended before.
	 * @param at where they are
	 * @param value the number
	 */
	public void setInt(int at, int value) {
		INT.set(this.bytes, at, value);
	}

	/**
	 * Appends room for bytes that the caller fills in.
	 * @param length how many
	 * @return where they begin in {@link #array}
	 * @throws PayloadTooLargeException if the bound would be passed
	 */
	public int reserve(int length) {
		int at = this.size;
		int newSize = at + length;
		if (newSize > this.limit || newSize < 0) {
			throw tooLarge((long) at + length);
		}
		if (newSize > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes,
					Math.max(newSize, (int) Math.min(this.bytes.length * 2L, Integer.MAX_VALUE - 16)));
		}
		this.size = newSize;
		return at;
	}

	/**
	 * Appends room for elements that the caller fills in.
	 * @param count how many elements
	 * @param width how many bytes each of them takes
	 * @return where they begin in {@link #array}
	 * @throws PayloadTooLargeException if the bound would be passed
	 */
	public int reserve(int count, int width) {
		long length = (long) count * width;
		if (length > Integer.MAX_VALUE) {
			throw tooLarge(this.size + length);
		}
		return reserve((int) length);
	}

	/** Speaks of what was bounded alone, not of what is before it in the buffer. */
	private PayloadTooLargeException tooLarge(long newSize) {
		return new PayloadTooLargeException(newSize - this.limitedFrom, this.limit - this.limitedFrom);
	}

	/**
	 * Returns how many bytes may still be appended.
	 * @return the number of bytes from {@link #size} to the bound
	 */
	public int room() {
		return this.limit - this.size;
	}

}
