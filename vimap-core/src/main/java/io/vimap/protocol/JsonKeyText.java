package io.vimap.protocol;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;
import tools.jackson.databind.ser.jdk.JDKKeySerializers;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Writes keys of maps, of which Jackson knows no more than that they have a
 * {@code toString()}, and reads them by a constructor or factory that takes a string. The
 * {@code toString()} that a record or {@link Object} has by itself is no such string: the
 * key {@code Id[value=a]} would arrive as {@code Id[value=Id[value=a]]}.
 */
final class JsonKeyText extends StdSerializer<Object> {

	private JsonKeyText(Class<?> type) {
		super(type);
	}

	@Override
	public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
		String text = key.toString();
		Class<?> type = key.getClass();
		if (type.isRecord() && text.startsWith(type.getSimpleName() + "[") || text.startsWith(type.getName() + "@")) {
			throw DatabindException.from(generator,
					"a key of a map travels as its toString(), and '" + text
							+ "' does not say how to make the key again. Annotate the component or method that"
							+ " does with @JsonValue or @JsonKey, or override toString()");
		}
		generator.writeName(text);
	}

	/** Puts it in place of Jackson's own. */
	static final class Modifier extends ValueSerializerModifier {

		private static final long serialVersionUID = 1L;

		@Override
		public ValueSerializer<?> modifyKeySerializer(SerializationConfig config, JavaType type,
				BeanDescription.Supplier description, ValueSerializer<?> serializer) {
			Class<?> raw = type.getRawClass();
			// That of the JDK's classes is known to Jackson, or good enough
			boolean ours = !raw.isArray() && !raw.getName().startsWith("java.");
			return (ours && serializer.getClass() == JDKKeySerializers.Default.class) ? new JsonKeyText(raw)
					: serializer;
		}

	}

}
