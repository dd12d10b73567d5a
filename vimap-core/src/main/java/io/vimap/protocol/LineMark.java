package io.vimap.protocol;

/**
 * What a child puts before a line of its standard output that belongs to a log event of a
 * level above the usual, so that the line comes out of the parent's logger with that
 * level. Each line of an event has it, the frames of a stack trace included.
 */
public final class LineMark {

	/** Begins a line of a warning. */
	public static final String WARN = "\u0001W";

	/** Begins a line of an error. */
	public static final String ERROR = "\u0001E";

	/** The number of characters of a mark, and of its bytes. */
	public static final int LENGTH = 2;

	private LineMark() {
	}

}
