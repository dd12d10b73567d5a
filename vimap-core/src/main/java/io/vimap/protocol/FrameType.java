package io.vimap.protocol;

import org.jspecify.annotations.Nullable;

/**
 * The types of frames with their byte on the wire; {@code docs/protocol.md} has the
 * bodies.
 */
public enum FrameType {

	/** Child: who I am. */
	HELLO(0x01),

	/** Child: the worker is initialized. */
	READY(0x02),

	/** Child: the worker could not be created or initialized. */
	START_FAILED(0x03),

	/** Child: a task's output. */
	RESULT(0x10),

	/** Child: a task's failure. */
	FAILURE(0x11),

	/** Child: what it gives back. */
	RECALLED(0x12),

	/** Child: the stack of the running task. */
	STACK(0x13),

	/** Child: the stacks of all threads. */
	THREADS(0x14),

	/** Child: the worker has been cleaned up. */
	GOODBYE(0x15),

	/** Child: it has the file for large values in memory. */
	MAPPED(0x16),

	/** Child: its JVM shuts down. */
	EXITING(0x17),

	/** Parent: what to run. */
	WELCOME(0x41),

	/** Parent: why the connection is refused. */
	REFUSED(0x42),

	/** Parent: one input. */
	TASK(0x50),

	/** Parent: give back what has not begun. */
	RECALL(0x51),

	/** Parent: interrupt one task. */
	INTERRUPT(0x52),

	/** Parent: tell the stacks of all threads. */
	DUMP(0x53),

	/** Parent: a notice to the worker. */
	SIGNAL(0x54),

	/** Parent: finish, clean up, exit. */
	STOP(0x55),

	/** Parent: a file for large values. */
	MEMORY(0x56);

	/** Set in the byte of a TASK or RESULT whose value is in memory. */
	static final int IN_MEMORY = 0x80;

	private static final @Nullable FrameType[] BY_CODE = new FrameType[256];

	static {
		for (FrameType type : values()) {
			BY_CODE[type.code] = type;
		}
		BY_CODE[TASK.code | IN_MEMORY] = TASK;
		BY_CODE[RESULT.code | IN_MEMORY] = RESULT;
	}

	private final byte code;

	FrameType(int code) {
		this.code = (byte) code;
	}

	/**
	 * Returns the byte on the wire.
	 * @return the byte
	 */
	public byte code() {
		return this.code;
	}

	/**
	 * Finds the type of a byte on the wire.
	 * @param code the byte, with or without {@link #IN_MEMORY}
	 * @return the type
	 * @throws ProtocolException if there is none
	 */
	public static FrameType of(byte code) {
		FrameType type = BY_CODE[code & 0xff];
		if (type == null) {
			throw new ProtocolException(String.format("unknown frame type 0x%02x", code & 0xff));
		}
		return type;
	}

}
