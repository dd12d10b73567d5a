package io.vimap.protocol;

import java.net.InetAddress;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;

/**
 * The values of one declared type as JSON.
 */
final class JsonValueCodec implements ValueCodec {

	/** What has held more is not worth keeping: it may hold on to large buffers. */
	private static final int MAX_REUSED = 65_536;

	/** Enough to see where it leads. */
	private static final int LONGEST_PATH = 500;

	private final JavaType type;

	private final ObjectWriter writer;

	private final ObjectReader reader;

	private final JsonTypes types;

	/**
	 * Whether values must be of exactly the declared class, since they are decoded as
	 * such.
	 */
	private final boolean exact;

	JsonValueCodec(JavaType type, ObjectWriter writer, ObjectReader reader, JsonTypes types) {
		this.type = type;
		this.writer = writer;
		this.reader = reader;
		this.types = types;
		this.exact = type.isConcrete() && !type.isEnumImplType() && !type.isContainerType()
		// All of them are of its subclasses, and are read as such
				&& !type.hasRawClass(InetAddress.class) && !DecodableTypes.isExplained(type.getRawClass());
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
			out.writeByte(SimpleValues.JSON);
			JsonOutput output = this.types.takeOutput();
			if (output.write(value, this.writer, out) && out.size() - start <= MAX_REUSED) {
				this.types.giveBack(output);
			}
		}
		catch (StreamWriteException ex) {
			if (!encodeEscaped(value, out, start)) {
				throw failure("encode", ex);
			}
		}
		catch (JacksonException ex) {
			throw failure("encode", ex);
		}
		catch (StackOverflowError ex) {
			throw new ProtocolException("cannot encode a " + name() + " as JSON: it is nested too deeply", ex);
		}
	}

	/** The generator refuses a lone surrogate, but not its escape. */
	private boolean encodeEscaped(Object value, PayloadBuffer out, int start) {
		try {
			out.truncate(start + 1);
			this.writer.with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValue(out, value);
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
			JsonInput input = this.types.takeInput();
			Object value = input.read(this.reader, bytes, offset + 1, length - 1);
			if (length <= MAX_REUSED) {
				this.types.giveBack(input);
			}
			return value;
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
		// In what contains itself a path is as long as depth allows
		path = (path.length() > LONGEST_PATH) ? path.substring(0, LONGEST_PATH) + "…" : path;
		return new ProtocolException("cannot " + what + " a " + name() + (what.equals("encode") ? " as" : " from")
				+ " JSON: " + ex.getOriginalMessage() + (path.isEmpty() ? "" : " (at " + path + ")"), ex);
	}

}
