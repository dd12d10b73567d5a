package io.vimap.pool;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The description of one run of inputs through a pool. Immutable: every method returns a
 * new description. Nothing is pulled before a terminal call ({@link #zipInOut},
 * {@link #zipInOutTyp}, {@link #outputs}, {@link #blockIgnoreOutput}), and a stream pulls
 * only when it is read.
 * <p>
 * The streams are sequential and belong to one thread at a time. Close them (or read them
 * to the end): closing early takes back the inputs that no worker has begun and lets what
 * runs finish unseen.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public interface Imap<I extends @Nullable Object, O extends @Nullable Object> {

	/**
	 * Delivers results in the order of their inputs. What has overtaken a slow element
	 * waits, and counts against the bound.
	 * @return a new description
	 */
	Imap<I, O> ordered();

	/**
	 * Hands inputs to workers in groups: the elements of a chunk go to one worker
	 * together. Results, failures, timeouts and retries stay per element.
	 * @param size the number of elements in a chunk, at least 1
	 * @return a new description
	 * @throws IllegalArgumentException if {@code size} is less than 1
	 */
	Imap<I, O> chunked(int size);

	/**
	 * Sets the time that each element may run, in place of the pool's
	 * {@code task-timeout}.
	 * @param timeout the time from when the child begins the element, more than zero
	 * @return a new description
	 * @throws IllegalArgumentException if {@code timeout} is not positive
	 */
	Imap<I, O> taskTimeout(Duration timeout);

	/**
	 * Sets the hard bound on the number of inputs that have been pulled and whose results
	 * have not yet been taken by the consumer.
	 * @param bound the bound, at least 1
	 * @return a new description
	 * @throws IllegalArgumentException if {@code bound} is less than 1
	 */
	Imap<I, O> maxInFlight(int bound);

	/**
	 * Pulls the inputs on a thread of {@code executor} instead of the consumer's, so that
	 * an input iterator that blocks does not hold back results that are ready.
	 * @param executor runs one long task per terminal call
	 * @return a new description
	 */
	Imap<I, O> feeder(Executor executor);

	/**
	 * Says whether the pool is closed when this run ends, however it ends.
	 * @param close whether to close the pool
	 * @return a new description
	 */
	Imap<I, O> closeWhenDone(boolean close);

	/**
	 * Reports progress while the run is read, on the thread that reads it, and once when
	 * it ends.
	 * @param every the shortest time between two reports
	 * @param listener receives the reports
	 * @return a new description
	 */
	Imap<I, O> onProgress(Duration every, Consumer<Progress> listener);

	/**
	 * Pairs each input with its output. A failed task throws out of the stream.
	 * @return a lazy stream that must be read by one thread at a time
	 */
	Stream<InOut<I, O>> zipInOut();

	/**
	 * Pairs each input with its output or its failure; a failed task is a value.
	 * @return a lazy stream that must be read by one thread at a time
	 */
	Stream<TaskResult<I, O>> zipInOutTyp();

	/**
	 * Delivers the outputs alone. A failed task throws out of the stream.
	 * @return a lazy stream that must be read by one thread at a time
	 */
	Stream<O> outputs();

	/**
	 * Runs all inputs and drops their outputs. A failed task throws out of this method.
	 */
	void blockIgnoreOutput();

}
