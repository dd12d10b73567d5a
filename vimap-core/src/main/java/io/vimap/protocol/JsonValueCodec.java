package io.vimap.protocol;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * The values of one declared type as JSON.
 */
final class JsonValueCodec implements ValueCodec {

	private final JavaType type;

	private final ObjectWriter writer;

	private final ObjectReader reader;

	/**
	 * Whether values must be of exactly the declared class, since they are decoded as
	 * such.
	 */
	private final boolean exact;

	JsonValueCodec(JavaType type, ObjectWriter writer, ObjectReader reader) {
		this.type = type;
		this.writer = writer;
		this.reader = reader;
		this.exact = type.isConcrete() && !type.isEnumImplType() && !type.isContainerType() && !type.hasHandlers();
	}

	@Override
	public void encode(@Nullable Object value, PayloadBuffer out) {
		if (value == null) {
			out.writeByte(SimpleValues.NULL);
			return;
		}
		if (this.exact ? value.getClass() != this.type.getRawClass() : !this.type.getRawClass().isInstance(value)) {
			throw new ProtocolException(
					"a " + value.getClass().getTypeName() + " where the declared type is " + name());
		}
		int start = out.size();
		try {
			write(this.writer, value, out);
		}
		catch (JacksonException ex) {
			// JSON has no lone surrogates, but escapes for them
			out.truncate(start);
			if (!writeEscaped(value, out)) {
				throw failure("encode", ex);
			}
		}
		catch (StackOverflowError ex) {
			throw new ProtocolException("cannot encode a " + name() + " as JSON: it is nested too deeply", ex);
		}
	}

	private static void write(ObjectWriter writer, Object value, PayloadBuffer out) {
		out.writeByte(SimpleValues.JSON);
		writer.writeValue(out, value);
	}

	private boolean writeEscaped(Object value, PayloadBuffer out) {
		try {
			write(this.writer.with(JsonWriteFeature.ESCAPE_NON_ASCII), value, out);
			return true;
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	@Override
	public @Nullable Object decode(byte[] bytes, int offset, int length) {
		int tag = (length > 0) ? bytes[offset] & 0xFF : -1;
		if (tag != SimpleValues.JSON) {
			if (tag == SimpleValues.NULL && length == 1) {
				return null;
			}
			throw SimpleValueCodec.unexpected(tag, name());
		}
		try {
			return this.reader.readValue(bytes, offset + 1, length - 1);
		}
		catch (JacksonException ex) {
			throw failure("decode", ex);
		}
		catch (StackOverflowError ex) {
			throw new ProtocolException("cannot decode a " + name() + " from JSON: it is nested too deeply", ex);
		}
	}

	private String name() {
		return this.type.toCanonical();
	}

	private RuntimeException failure(String what, JacksonException ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof PayloadTooLargeException tooLarge) {
				return tooLarge;
			}
		}
		String path = ex.getPathReference();
		return new ProtocolException("cannot " + what + " a " + name() + (what.equals("encode") ? " as" : " from")
				+ " JSON: " + ex.getOriginalMessage() + (path.isEmpty() ? "" : " (at " + path + ")"), ex);
	}

}
