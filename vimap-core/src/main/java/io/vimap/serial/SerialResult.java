package io.vimap.serial;

import io.vimap.dispatch.TaskFailures;
import io.vimap.pool.ExceptionContext;
import org.jspecify.annotations.Nullable;

/**
 * What became of one task.
 *
 * @param input the input as the caller gave it
 * @param output what the caller gets, if the task succeeded
 * @param failure why it failed, or {@code null}
 */
record SerialResult(@Nullable Object input, @Nullable Object output, @Nullable RuntimeException failure) {

	ExceptionContext exceptionContext() {
		return TaskFailures.contextOf((this.failure != null) ? this.failure : new IllegalStateException("no failure"));
	}

}
