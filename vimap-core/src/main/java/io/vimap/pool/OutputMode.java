package io.vimap.pool;

/**
 * Where a child's standard output and standard error go.
 */
public enum OutputMode {

	/** Line by line into the logger {@code vimap.<pool>.<index>}. */
	LOG,

	/** To the parent's own standard output and standard error. */
	INHERIT,

	/** Nowhere. The last lines of standard error are still kept for diagnosis. */
	DISCARD

}
