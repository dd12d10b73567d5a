package io.vimap.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * Writes values into one area of a {@link PayloadMemory}, one behind the other, and again
 * from the beginning where the oldest are not needed any more. It never waits: what does
 * not fit now goes through the socket. Safe for use by many threads.
 */
public final class MemoryWriter {

	/** How many blocks are taken at once, in bytes. */
	private static final int STEP = 1024 * 1024;

	/** A value in the area. */
	private record Extent(long task, int begin, int end) {
	}

	private final PayloadMemory memory;

	/** Where the area begins in the file. */
	private final int base;

	private final LongSupplier taken;

	/** Guarded by "this": what may still be needed, oldest first. */
	private final Deque<Extent> held = new ArrayDeque<>();

	/** Guarded by "this": how much of the area has blocks in the file system. */
	private int capacity;

	/** Guarded by "this": the capacity worth trying. */
	private int most = PayloadMemory.AREA;

	/** Guarded by "this". */
	private boolean closed;

	MemoryWriter(PayloadMemory memory, int base, LongSupplier taken) {
		this.memory = memory;
		this.base = base;
		this.taken = taken;
	}

	/**
	 * Moves a value from the end of a frame into memory, if there is room.
	 * @param out ends with the frame, which ends with the value
	 * @param valueAt where the value begins in {@link PayloadBuffer#array}
	 * @param task the number of its task
	 * @return whether it did: then the value's place is what the frame has instead
	 */
	synchronized boolean move(PayloadBuffer out, int valueAt, long task) {
		int length = out.lengthFrom(valueAt);
		int offset = place(length);
		if (offset < 0) {
			return false;
		}
		int first = out.length() - length;
		int at = this.base + offset;
		int copied = 0;
		while (copied < length) {
			ByteBuffer part = out.part(first + copied);
			this.memory.write(at + copied, part);
			copied += part.remaining();
		}
		this.held.addLast(new Extent(task, offset, offset + length));
		out.truncate(valueAt);
		out.writeInt(offset);
		out.writeInt(length);
		return true;
	}

	/** Returns where there is room for so many bytes, −1 for nowhere. */
	private int place(int length) {
		if (this.closed) {
			return -1;
		}
		long free = this.taken.getAsLong();
		while (!this.held.isEmpty() && this.held.peekFirst().task() <= free) {
			this.held.removeFirst();
		}
		if (this.held.isEmpty()) {
			return ensure(length) ? 0 : -1;
		}
		int begin = this.held.getFirst().begin();
		int end = this.held.getLast().end();
		if (end <= begin) {
			return (length <= begin - end) ? end : -1;
		}
		if (length <= begin) {
			return 0;
		}
		return ensure((long) end + length) ? end : -1;
	}

	private boolean ensure(long wanted) {
		if (wanted > this.capacity && wanted <= this.most) {
			int larger = (int) (wanted + STEP - 1) / STEP * STEP;
			try {
				this.memory.reserve(this.base + this.capacity, this.base + larger);
				this.capacity = larger;
			}
			catch (IOException ex) {
				// No space for so much: what there is serves on, and less may be had.
				this.most = (int) wanted - 1;
			}
		}
		return wanted <= this.capacity;
	}

	/**
	 * Writes nothing any more.
	 */
	synchronized void close() {
		this.closed = true;
	}

}
