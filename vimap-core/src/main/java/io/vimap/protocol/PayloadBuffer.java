package io.vimap.protocol;

import java.io.OutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A growing array of bytes that frames and values are appended to. All numbers are
 * big-endian. A buffer that frames are sent from may refer to a large array of somebody
 * else's in its midst instead of holding a copy. Not safe for use by several threads at
 * once.
 */
public final class PayloadBuffer extends OutputStream {

	private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final int MOST = Integer.MAX_VALUE - 16;

	/**
	 * What is shorter is copied: it is not worth a write of its own. Not less than the
	 * outbox has room for, which takes a frame out of one array.
	 */
	static final int SHARED_FROM = Outbox.CAPACITY;

	/** A foreign array whose bytes come before the own byte at a position. */
	private record Shared(int at, byte[] array) {
	}

	/** Whether {@link #writeShared} may refer to an array. */
	private boolean sharing;

	private byte[] bytes;

	private int size;

	/** In the order of their positions. */
	private final List<Shared> shared = new ArrayList<>(0);

	/** The sum of the lengths of the foreign arrays. */
	private int sharedSize;

	/** The array to return to when a large one is not needed any more. */
	private byte[] small;

	private final SpareArray large = new SpareArray();

	/** No write may bring {@link #size} above this. */
	private int limit = MOST;

	/** Where the bound counts from. */
	private int limitedFrom;

	/** What is bounded, for messages. */
	private @Nullable Object limited;

	/**
	 * Creates an empty buffer.
	 * @param capacity how many bytes it has room for at first
	 */
	public PayloadBuffer(int capacity) {
		this.bytes = new byte[capacity];
		this.small = this.bytes;
	}

	/**
	 * Returns the array that holds the content, without what {@link #writeShared} only
	 * refers to. Valid until the next append.
	 * @return the array, of which the first {@link #size} bytes are the content
	 */
	public byte[] array() {
		return this.bytes;
	}

	/**
	 * Returns the number of bytes in {@link #array}.
	 * @return the number of bytes appended so far, but for shared ones
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Returns the number of bytes to be sent.
	 * @return the number of bytes appended so far, shared ones included
	 */
	public int length() {
		return this.size + this.sharedSize;
	}

	/**
	 * Returns the number of bytes from a position on.
	 * @param at a position in {@link #array}
	 * @return how many have been appended since, shared ones included
	 */
	int lengthFrom(int at) {
		int length = this.size - at;
		for (int i = this.shared.size() - 1; i >= 0 && this.shared.get(i).at() > at; i--) {
			length += this.shared.get(i).array().length;
		}
		return length;
	}

	/**
	 * Drops all bytes from a position on.
	 * @param newSize the new size, at most the present one
	 */
	public void truncate(int newSize) {
		this.size = newSize;
		while (!this.shared.isEmpty() && this.shared.get(this.shared.size() - 1).at() > newSize) {
			this.sharedSize -= this.shared.remove(this.shared.size() - 1).array().length;
		}
	}

	/**
	 * Drops all content. An array that has become larger than {@code keep} is kept only
	 * until the garbage collector wants it.
	 * @param keep the largest array worth keeping, in bytes
	 */
	public void reset(int keep) {
		this.size = 0;
		if (this.sharedSize != 0) {
			this.shared.clear();
			this.sharedSize = 0;
		}
		if (this.bytes.length > keep) {
			this.large.give(this.bytes);
			this.bytes = this.small;
		}
		else {
			this.small = this.bytes;
		}
	}

	/**
	 * Bounds what may be appended from here on.
	 * @param more the number of bytes that may still be appended
	 * @param value what is to be appended, whose type is told if it is too large
	 */
	public void limitTo(long more, @Nullable Object value) {
		this.limit = (int) Math.min(MOST - this.sharedSize, this.size + more);
		this.limitedFrom = this.size;
		this.limited = value;
	}

	/**
	 * Takes the bound of {@link #limitTo} away.
	 */
	public void unlimit() {
		this.limit = MOST - this.sharedSize;
		this.limitedFrom = 0;
		this.limited = null;
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
	 * Overwrites eight bytes that have been appended before.
	 * @param at where they are
	 * @param value the number
	 */
	public void setLong(int at, long value) {
		LONG.set(this.bytes, at, value);
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
			byte[] larger = this.large.take(grown(newSize));
			System.arraycopy(this.bytes, 0, larger, 0, at);
			this.bytes = larger;
		}
		this.size = newSize;
		return at;
	}

	private int grown(int least) {
		return Math.max(least, (int) Math.min(this.bytes.length * 2L, MOST));
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
		Object value = this.limited;
		return new PayloadTooLargeException((value != null) ? value.getClass().getTypeName() : "null",
				newSize - this.limitedFrom, this.limit - this.limitedFrom);
	}

	/**
	 * Says whether large arrays may be referred to instead of copied. Only for codecs
	 * that don't look back at what they have written, and for buffers whose content is
	 * sent by {@link #part}.
	 * @param allowed whether from here on
	 */
	void sharing(boolean allowed) {
		this.sharing = allowed;
	}

	/**
	 * Appends all of an array. If it is large and this buffer shares, it only refers to
	 * the array, which must not change until the frame has been sent.
	 * @param array the array
	 * @throws PayloadTooLargeException if the bound would be passed
	 */
	void writeShared(byte[] array) {
		if (!this.sharing || array.length < SHARED_FROM) {
			write(array, 0, array.length);
			return;
		}
		if (array.length > this.limit - this.size) {
			throw tooLarge((long) this.size + array.length);
		}
		this.shared.add(new Shared(this.size, array));
		this.sharedSize += array.length;
		// The bound counts them, too.
		this.limit -= array.length;
		this.limitedFrom -= array.length;
	}

	/**
	 * Returns a part of what is to be sent: as much as lies in one array.
	 * @param position where it begins, counted from the first byte to be sent, shared
	 * ones included
	 * @return the bytes from there to the end of their array, none at the end
	 */
	public ByteBuffer part(int position) {
		int begin = 0;
		int before = 0;
		for (Shared part : this.shared) {
			int own = part.at() - begin;
			if (position < before + own) {
				return ByteBuffer.wrap(this.bytes, begin + position - before, own - (position - before));
			}
			before += own;
			begin = part.at();
			if (position < before + part.array().length) {
				return ByteBuffer.wrap(part.array(), position - before, part.array().length - (position - before));
			}
			before += part.array().length;
		}
		return ByteBuffer.wrap(this.bytes, begin + position - before, this.size - begin - (position - before));
	}

	/**
	 * Returns how many bytes may still be appended.
	 * @return the number of bytes from {@link #size} to the bound
	 */
	public int room() {
		return this.limit - this.size;
	}

}
