package io.vimap.boot.autoconfigure;

import java.util.Map;
import java.util.function.Supplier;

import io.vimap.boot.child.TaskContexts;

/**
 * Captures what travels with each task.
 */
@FunctionalInterface
interface TaskContextSource extends Supplier<Map<String, String>> {

	/**
	 * Captures the logging context alone.
	 * @return the source for applications without tracing
	 */
	static TaskContextSource ofLoggingContext() {
		return TaskContexts::capture;
	}

}
