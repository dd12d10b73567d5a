package io.vimap.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Encodes and decodes the values of one declared type. Safe for use by many threads.
 */
public interface ValueCodec {

	/**
	 * Appends one value.
	 * @param value the value, {@code null} included
	 * @param out receives the bytes; what has been appended when this method throws is
	 * taken back by the caller
	 * @throws Exception if the value can't be encoded or is too large
	 */
	void encode(@Nullable Object value, PayloadBuffer out) throws Exception;

	/**
	 * Decodes one value. The bytes are valid only during the call.
	 * @param bytes the array that holds the value
	 * @param offset where it begins
	 * @param length how many bytes it has
	 * @return the value, {@code null} included
	 * @throws Exception if the bytes are no value of this type
	 */
	@Nullable Object decode(byte[] bytes, int offset, int length) throws Exception;

}
