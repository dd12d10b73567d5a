package io.vimap.pool;

/**
 * What a begun task may be tried again after.
 */
public enum RetryCause {

	/** Its process ended. */
	CRASH,

	/** It ran longer than its timeout. */
	TIMEOUT

}
