package io.vimap.demo;

import org.jspecify.annotations.Nullable;

/**
 * A line of the input file that is not a request.
 */
class MalformedRequestException extends Exception {

	private static final long serialVersionUID = 1L;

	MalformedRequestException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
