package io.vimap.protocol;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Init args as JSON. A class of its own, so that a child loads Jackson only if its worker
 * asks for init args.
 */
public final class JsonInitArgs {

	private static final byte[] NONE = { '{', '}' };

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
			tree = JsonMapper.shared().valueToTree(initArgs);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("The init args of " + whose + " (" + initArgs.getClass().getName()
					+ ") can't be written as JSON: " + ex.getOriginalMessage(), ex);
		}
		if (!tree.isObject()) {
			throw new IllegalArgumentException("The init args of " + whose + " are a " + initArgs.getClass().getName()
					+ ". Allowed: a record, a bean or a Map with string keys.");
		}
		return JsonMapper.shared().writeValueAsBytes(tree);
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
		JsonMapper mapper = JsonMapper.shared();
		new JsonNames(mapper, whose).check(mapper.readTree(json), mapper.constructType(type), "");
	}

	/**
	 * Reads init args as a map.
	 * @param json what {@link #write} returned
	 * @return the args by name
	 */
	@SuppressWarnings("unchecked")
	public static Map<String, Object> readMap(byte[] json) {
		return (json.length > 0) ? JsonMapper.shared().readValue(json, Map.class) : Map.of();
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
			return JsonMapper.shared().readValue((json.length > 0) ? json : NONE, type);
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

}
