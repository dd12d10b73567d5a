package io.vimap.child;

import java.util.Map;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads init args. A class of its own, so that Jackson is loaded only by a worker that
 * asks for them.
 */
final class InitArgs {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private InitArgs() {
	}

	@SuppressWarnings("unchecked")
	static Map<String, Object> asMap(byte[] json) {
		return MAPPER.readValue(json, Map.class);
	}

	static <T> T as(byte[] json, Class<T> type, String whose) {
		byte[] content = (json.length > 0) ? json : new byte[] { '{', '}' };
		try {
			return MAPPER.readValue(content, type);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("The init args of " + whose + " don't fit " + type.getName() + ": "
					+ ex.getOriginalMessage(), ex);
		}
	}

}
