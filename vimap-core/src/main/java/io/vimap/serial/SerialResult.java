package io.vimap.serial;

import io.vimap.imap.FinishedTask;
import org.jspecify.annotations.Nullable;

/**
 * What became of one task.
 *
 * @param input the input as the caller gave it
 * @param output what the caller gets, if the task succeeded
 * @param failure why it failed, or {@code null}
 */
record SerialResult(@Nullable Object input, @Nullable Object output,
		@Nullable RuntimeException failure) implements FinishedTask {
}
