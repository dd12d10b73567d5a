package io.vimap.imap;

import org.jspecify.annotations.Nullable;

/**
 * What became of one input.
 */
public interface FinishedTask {

	/**
	 * Returns the input.
	 * @return the input as the caller gave it
	 */
	@Nullable Object input();

	/**
	 * Returns the output.
	 * @return the output, which means something only if there is no failure
	 */
	@Nullable Object output();

	/**
	 * Returns why the task failed.
	 * @return what the caller is told, or {@code null} if it succeeded
	 */
	@Nullable Throwable failure();

}
