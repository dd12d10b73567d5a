package io.vimap.pool;

/**
 * Where workers run.
 */
public enum PoolMode {

	/** In child processes. */
	FORKED,

	/** In the caller's JVM, through the same codecs: for debuggers and unit tests. */
	SERIAL

}
