package io.vimap.protocol;

import java.io.File;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdScalarSerializer;

/**
 * Init args as JSON. A class of its own, so that a child loads Jackson only if its worker
 * asks for init args.
 */
public final class JsonInitArgs {

	private static final byte[] NONE = { '{', '}' };

	/**
	 * Not that of inputs and outputs: here a text may be what somebody has put in a map,
	 * and must be what Jackson reads by itself.
	 */
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID,
				DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
		.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
		.addModule(new SimpleModule("vimap").addAbstractTypeMapping(Set.class, LinkedHashSet.class)
			.addSerializer(Path.class, new PathSerializer())
			.addSerializer(File.class, new FileSerializer())
			.setSerializerModifier(new JsonKeyText.Modifier()))
		.build();

	private JsonInitArgs() {
	}

	/**
	 * Writes init args.
	 * @param initArgs a record, a bean or a map with string keys; {@code null} for none
	 * @param whose whose they are, for messages
	 * @return JSON, empty if there are none
	 * @throws IllegalArgumentException if they can't be written as a JSON object
	 */
	public static byte[] write(@Nullable Object initArgs, String whose) {
		if (initArgs == null || initArgs instanceof Map<?, ?> map && map.isEmpty()) {
			return new byte[0];
		}
		JsonNode tree;
		try {
			tree = MAPPER.valueToTree(initArgs);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("The init args of " + whose + " (" + initArgs.getClass().getName()
					+ ") can't be written as JSON: " + ex.getOriginalMessage(), ex);
		}
		if (!tree.isObject()) {
			throw new IllegalArgumentException("The init args of " + whose + " are a " + initArgs.getClass().getName()
					+ ". Allowed: a record, a bean or a Map with string keys.");
		}
		return MAPPER.writeValueAsBytes(tree);
	}

	/**
	 * Refuses names that a type has no place for. Nothing is instantiated: what else may
	 * be wrong is told by the child.
	 * @param json what {@link #write} returned
	 * @param type what the worker's constructor takes
	 * @param whose whose they are, for messages
	 * @throws IllegalArgumentException if a name is unknown; the message says which, and
	 * which are known
	 */
	public static void checkNames(byte[] json, Class<?> type, String whose) {
		new JsonNames(MAPPER, whose).check(MAPPER.readTree(json), MAPPER.constructType(type), "");
	}

	/**
	 * Reads init args as a map.
	 * @param json what {@link #write} returned
	 * @return the args by name
	 */
	@SuppressWarnings("unchecked")
	public static Map<String, Object> readMap(byte[] json) {
		return (json.length > 0) ? MAPPER.readValue(json, Map.class) : Map.of();
	}

	/**
	 * Binds init args to a type.
	 * @param json what {@link #write} returned
	 * @param type a record or a bean
	 * @param whose whose they are, for messages
	 * @param <T> the type
	 * @return a new instance
	 * @throws IllegalArgumentException if they don't fit the type
	 */
	public static <T> T read(byte[] json, Class<T> type, String whose) {
		try {
			return MAPPER.readValue((json.length > 0) ? json : NONE, type);
		}
		catch (JacksonException ex) {
			String path = ex.getPathReference();
			String why = ex.getOriginalMessage() + (path.isEmpty() ? "" : " (at " + path + ")");
			throw new IllegalArgumentException(
					(json.length > 0) ? "The init args of " + whose + " don't fit " + type.getName() + ": " + why
							: "There are no init args for " + whose + ", and " + type.getName()
									+ " can't be made without: " + why,
					ex);
		}
	}

	/** Jackson makes relative paths absolute, though it reads relative ones. */
	private static final class PathSerializer extends StdScalarSerializer<Path> {

		PathSerializer() {
			super(Path.class);
		}

		@Override
		public void serialize(Path path, JsonGenerator generator, SerializationContext context) {
			String text = path.toString();
			// What has a colon is read as a URI, and what is empty as null
			boolean plain = path.getFileSystem() == FileSystems.getDefault() && !text.isEmpty()
					&& text.indexOf(':') < 0;
			generator.writeString(plain ? text : path.toUri().toString());
		}

	}

	/** And relative files. */
	private static final class FileSerializer extends StdScalarSerializer<File> {

		FileSerializer() {
			super(File.class);
		}

		@Override
		public void serialize(File file, JsonGenerator generator, SerializationContext context) {
			generator.writeString(file.getPath());
		}

	}

}
