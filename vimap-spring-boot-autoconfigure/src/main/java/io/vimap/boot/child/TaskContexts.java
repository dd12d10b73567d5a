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
		return (entries != null) ? entries : Map.of();
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

}
