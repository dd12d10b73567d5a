package io.vimap.boot.child;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What travels with a task: the logging context of the thread that sends it, and beside
 * it the fields of its trace, told apart by a prefix.
 */
public final class TaskContexts {

	/**
	 * Begins the key of a field that is not an entry of the logging context, such as
	 * {@code vimap:traceparent}.
	 */
	public static final String PREFIX = "vimap:";

	private TaskContexts() {
	}

	/**
	 * Captures the logging context of this thread.
	 * @return the entries; must not be changed
	 */
	public static Map<String, String> capture() {
		Map<String, String> entries = MDC.getCopyOfContextMap();
		if (entries == null) {
			return Map.of();
		}
		Map<String, String> captured = new HashMap<>();
		entries.forEach((key, value) -> {
			// An entry without a value, such as a header that was not sent, is none.
			if (value != null) {
				captured.put(key, value);
			}
		});
		return captured;
	}

	/**
	 * Puts the entries of the logging context into force on this thread.
	 * @param taskContext what travelled with the task
	 */
	static void enter(Map<String, String> taskContext) {
		Map<String, @Nullable String> entries = new HashMap<>(taskContext);
		entries.keySet().removeIf((key) -> key.startsWith(PREFIX));
		MDC.setContextMap(entries);
	}

	/**
	 * Puts the logging context back that was in force on this thread before a task: in a
	 * serial pool it is the caller's.
	 * @param before a copy of it, {@code null} for an empty one
	 */
	static void leave(@Nullable Map<String, String> before) {
		if (before != null) {
			MDC.setContextMap(before);
		}
		else {
			MDC.clear();
		}
	}

}
