package io.vimap.protocol;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectReader;

/**
 * A parser that reads value after value, each from another array: setting one up takes as
 * long as reading a small value. Not safe for use by several threads at once.
 */
final class JsonInput extends InputStream {

	/**
	 * Spaces behind the value. A number at the very end needs one, or the parser waits
	 * for more digits; and close to the end of its input the parser is slow.
	 */
	private static final int PADDING = 16;

	private static final byte[] NOTHING = {};

	private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

	private final JsonParser parser;

	private byte[] source = NOTHING;

	private int position;

	private int end;

	/** How much of the padding the parser has got. */
	private int padded;

	JsonInput(ObjectReader reader) {
		this.parser = reader.createParser(this);
	}

	/**
	 * Reads a value. After an exception this object must not be used again.
	 * @param reader knows its type
	 * @param bytes holds the JSON
	 * @param offset where it begins
	 * @param length how many bytes it has
	 * @return the value
	 * @throws ProtocolException if bytes are left
	 */
	@Nullable Object read(ObjectReader reader, byte[] bytes, int offset, int length) {
		this.source = bytes;
		this.position = offset;
		this.end = offset + length;
		this.padded = 0;
		Object value = reader.readValue(this.parser);
		if (this.parser.releaseBuffered(NOWHERE) > this.padded || this.position < this.end) {
			throw new ProtocolException("bytes are left after the end of the JSON");
		}
		this.parser.assignCurrentValue(null);
		this.source = NOTHING;
		return value;
	}

	@Override
	public int read() {
		throw new UnsupportedOperationException();
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		int count = Math.min(length, this.end - this.position);
		System.arraycopy(this.source, this.position, target, offset, count);
		this.position += count;
		int padding = Math.min(length - count, PADDING - this.padded);
		Arrays.fill(target, offset + count, offset + count + padding, (byte) ' ');
		this.padded += padding;
		return (count + padding > 0) ? count + padding : -1;
	}

}
