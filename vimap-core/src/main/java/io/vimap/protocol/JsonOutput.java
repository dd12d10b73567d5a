package io.vimap.protocol;

import java.io.OutputStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;

/**
 * A generator that writes value after value, each to another buffer: setting one up takes
 * as long as writing a small value. Not safe for use by several threads at once.
 */
final class JsonOutput extends OutputStream {

	private final JsonGenerator generator;

	private @Nullable PayloadBuffer target;

	JsonOutput(ObjectWriter writer) {
		this.generator = writer.createGenerator(this);
	}

	/**
	 * Writes a value. After an exception this object must not be used again.
	 * @param value the value
	 * @param writer knows its type
	 * @param out receives the JSON
	 * @return whether this object may be used again
	 */
	boolean write(Object value, ObjectWriter writer, PayloadBuffer out) {
		this.target = out;
		writer.writeValue(this.generator, value);
		boolean complete = this.generator.streamWriteContext().inRoot();
		if (!complete) {
			// A custom serializer left something open: closing completes it
			this.generator.close();
		}
		this.generator.assignCurrentValue(null);
		this.target = null;
		return complete;
	}

	@Override
	public void write(int value) {
		target().writeByte(value);
	}

	@Override
	public void write(byte[] source, int offset, int length) {
		target().write(source, offset, length);
	}

	private PayloadBuffer target() {
		PayloadBuffer present = this.target;
		if (present == null) {
			throw new IllegalStateException("nothing is being written");
		}
		return present;
	}

}
