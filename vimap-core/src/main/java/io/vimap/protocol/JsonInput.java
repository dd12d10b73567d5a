package io.vimap.protocol;

import java.io.InputStream;
import java.io.OutputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.ObjectReader;

/**
 * A parser that reads value after value, each from another array: setting one up takes as
 * long as reading a small value. Not safe for use by several threads at once.
 */
final class JsonInput extends InputStream {

	private static final byte[] NOTHING = {};

	private final JsonParser parser;

	private byte[] source = NOTHING;

	private int position;

	private int end;

	/**
	 * A number at the very end needs something behind it, or the parser waits for more
	 * digits.
	 */
	private boolean separated;

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
		this.separated = false;
		Object value = reader.readValue(this.parser);
		int left = this.parser.releaseBuffered(OutputStream.nullOutputStream()) + this.end - this.position;
		if (left > (this.separated ? 1 : 0)) {
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
		if (count > 0) {
			System.arraycopy(this.source, this.position, target, offset, count);
			this.position += count;
			return count;
		}
		if (this.separated) {
			return -1;
		}
		this.separated = true;
		target[offset] = ' ';
		return 1;
	}

}
