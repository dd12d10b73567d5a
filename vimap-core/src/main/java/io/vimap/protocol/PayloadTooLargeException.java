package io.vimap.protocol;

/**
 * A value has more bytes than may be sent.
 */
public final class PayloadTooLargeException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	PayloadTooLargeException(String type, long size, long limit) {
		super("a " + type + " of at least " + size + " bytes, " + limit + " bytes are allowed");
	}

}
