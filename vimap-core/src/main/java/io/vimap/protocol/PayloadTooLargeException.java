package io.vimap.protocol;

/**
 * A value has more bytes than may be sent.
 */
public final class PayloadTooLargeException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	PayloadTooLargeException(long size, long limit) {
		super("more than the " + limit + " bytes that are allowed: at least " + size + " bytes");
	}

}
