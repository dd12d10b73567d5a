package io.vimap.imap;

import org.jspecify.annotations.Nullable;

/**
 * The results of one run, as the engine makes them. Used by the one thread at a time that
 * reads the stream.
 */
public interface ImapResults {

	/**
	 * Waits for the next result. The caller has taken all that were returned before.
	 * @return a finished task, or {@code null} if there are no more
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	@Nullable FinishedTask next() throws InterruptedException;

	/**
	 * Says why there are no more results, once {@link #next} has returned {@code null}.
	 * @return what the inputs have thrown or why the pool takes no more of them, or
	 * {@code null} if all inputs have been processed
	 */
	@Nullable Throwable failure();

	/**
	 * Returns how many inputs have been pulled.
	 * @return the number of inputs
	 */
	long pulled();

	/**
	 * Says that nobody reads any more: what has not begun is taken back, what runs
	 * finishes unseen. Called once.
	 */
	void close();

}
