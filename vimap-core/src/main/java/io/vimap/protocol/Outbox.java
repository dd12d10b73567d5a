package io.vimap.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The layout of the file in which a child keeps what it has finished and not yet sent,
 * and the parent's look into it after the child's death. See {@code docs/protocol.md},
 * section 5.
 *
 * @param begun the number of the task begun last, 0 before the first
 * @param start the stream position of the first byte of {@code frames}
 * @param frames the frames that may not have been received
 */
public record Outbox(long begun, long start, byte[] frames) {

	/** Offset of the number of the task begun last. */
	public static final int BEGUN = 0;

	/** Offset of the stream position at which the area begins. */
	public static final int START = 8;

	/** Offset of the stream position behind the last complete frame. */
	public static final int END = 16;

	/** Offset of the area for frames. */
	public static final int AREA = 64;

	/** Bytes in the area for frames. */
	public static final int CAPACITY = 64 * 1024;

	/**
	 * Creates the file with all its blocks, so that no later write to the mapping can
	 * fail for lack of space.
	 * @param file where
	 * @return the file, open: when its child is dead, there may be no descriptor left to
	 * open it
	 * @throws IOException if it can't be written
	 */
	public static FileChannel create(Path file) throws IOException {
		Files.write(file, new byte[AREA + CAPACITY], StandardOpenOption.CREATE_NEW);
		return FileChannel.open(file);
	}

	/**
	 * Reads what a dead child left.
	 * @param file its outbox, not read from before
	 * @return its content; without frames if the file makes no sense
	 * @throws IOException if it can't be read
	 */
	public static Outbox read(FileChannel file) throws IOException {
		ByteBuffer content = ByteBuffer.allocate(AREA + CAPACITY);
		while (content.hasRemaining() && file.read(content) >= 0) {
			continue;
		}
		if (content.hasRemaining()) {
			return new Outbox(0, 0, new byte[0]);
		}
		long start = content.getLong(START);
		long length = content.getLong(END) - start;
		byte[] frames = new byte[(length < 0 || length > CAPACITY) ? 0 : (int) length];
		content.get(AREA, frames);
		return new Outbox(content.getLong(BEGUN), start, frames);
	}

	/**
	 * Says whether the frames hold the answer to a task.
	 * @param number the task's number
	 * @return whether there is a RESULT or FAILURE for it
	 */
	public boolean answers(long number) {
		ByteBuffer content = ByteBuffer.wrap(this.frames);
		for (int at = 0; at + Frames.HEADER + 8 <= this.frames.length;) {
			int length = content.getInt(at);
			int type = content.get(at + 4) & ~FrameType.IN_MEMORY;
			if ((type == FrameType.RESULT.code() || type == FrameType.FAILURE.code())
					&& content.getLong(at + Frames.HEADER) == number) {
				return true;
			}
			if (length < 1 || length > this.frames.length) {
				return false;
			}
			at += 4 + length;
		}
		return false;
	}

	/**
	 * Appends to a buffer what it has not received.
	 * @param in the buffer of the dead child's connection
	 */
	public void recoverInto(InboundBuffer in) {
		long known = in.received() - this.start;
		if (known >= 0 && known < this.frames.length) {
			in.append(ByteBuffer.wrap(this.frames, (int) known, this.frames.length - (int) known));
		}
	}

}
