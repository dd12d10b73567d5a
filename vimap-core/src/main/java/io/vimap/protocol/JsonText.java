package io.vimap.protocol;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.FromStringDeserializer;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Writes the values of a class as text of which they are made again, where Jackson's text
 * does not tell all.
 *
 * @param <T> the class
 */
abstract class JsonText<T> extends StdScalarSerializer<T> {

	private final Class<T> type;

	JsonText(Class<T> type) {
		super(type);
		this.type = type;
	}

	/**
	 * Makes a module write and read values so.
	 * @param module the module
	 */
	final void addTo(SimpleModule module) {
		module.addSerializer(this.type, this);
		module.addDeserializer(this.type, new Reading());
	}

	/**
	 * Returns the text of a value.
	 * @param value the value
	 * @return its text, which is not empty
	 * @throws IllegalArgumentException if no text makes it again
	 */
	abstract String write(T value);

	/**
	 * Makes a value again.
	 * @param text what {@link #write} returned
	 * @return the value
	 */
	abstract T read(String text);

	@Override
	public final void serialize(T value, JsonGenerator generator, SerializationContext context) {
		String text;
		try {
			text = write(value);
		}
		catch (IllegalArgumentException ex) {
			throw DatabindException.from(generator, ex.getMessage(), ex);
		}
		generator.writeString(text);
	}

	private final class Reading extends FromStringDeserializer<T> {

		private static final long serialVersionUID = 1L;

		Reading() {
			super(JsonText.this.type);
		}

		/** Spaces at the end count. */
		@Override
		protected boolean _shouldTrim() {
			return false;
		}

		@Override
		protected T _deserialize(String text, DeserializationContext context) {
			return read(text);
		}

	}

}
