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
	 * together. Results, failures, timeouts and retries stay per element. A chunk whose
	 * elements are more than 100 ms in coming is sent in parts, so that none of them
	 * waits for a slow source.
	 * @param size the number of elements in a chunk, at least 1 and at most the bound
	 * ({@link #maxInFlight}, or the pool's {@code max-in-flight}); the last chunk may be
	 * shorter
	 * @return a new description
	 * @throws IllegalArgumentException if {@code size} is less than 1
	 */
	Imap<I, O> chunked(int size);

	/**
	 * Sets the time that each element may run, in place of the pool's
	 * {@code task-timeout}. After it the task is interrupted, and its process is killed
	 * if that does not help within {@code kill-grace}.
	 * @param timeout the time from when the child begins the element, more than zero and
	 * at most 36500 days
	 * @return a new description
	 * @throws IllegalArgumentException if {@code timeout} is out of these bounds
	 */
	Imap<I, O> taskTimeout(Duration timeout);

	/**
	 * Sets the hard bound on the number of inputs that have been pulled and whose results
	 * have not yet been taken by the consumer: a result counts until the next one is
	 * asked for. Without it the bound is the pool's {@code max-in-flight}, or a small
	 * multiple of the number of processes.
	 * @param bound the bound, at least 1 and at least the size of a chunk
	 * @return a new description
	 * @throws IllegalArgumentException if {@code bound} is less than 1
	 */
	Imap<I, O> maxInFlight(int bound);

	/**
	 * Pulls the inputs on a thread of {@code executor} instead of the consumer's, so that
	 * an input iterator that blocks does not hold back results that are ready, nor the
	 * end of the run when the pool takes no more inputs. An iterator that is still
	 * blocked then is left to itself, and what it returns later is dropped.
	 * @param executor runs one task per terminal call, as long as the run has inputs (a
	 * serial pool: two short ones per input)
	 * @return a new description
	 */
	Imap<I, O> feeder(Executor executor);

	/**
	 * Says whether the pool is closed when this run ends: its stream has been read to the
	 * end, a failure has been thrown out of it, or it has been closed. The default is the
	 * pool's: {@code true} for pools that {@code Vimap} forks, {@code false} for beans.
	 * @param close whether to close the pool
	 * @return a new description
	 */
	Imap<I, O> closeWhenDone(boolean close);

	/**
	 * Reports progress while the run is read, on the thread that reads it, and once when
	 * it ends. What the listener throws is thrown out of the stream.
	 * @param every the shortest time between two reports; zero reports every result
	 * @param listener receives the reports, in place of an earlier one
	 * @return a new description
	 * @throws IllegalArgumentException if {@code every} is negative
	 */
	Imap<I, O> onProgress(Duration every, Consumer<Progress> listener);

	/**
	 * Pairs each input with its output. A failed task throws out of the stream, which
	 * ends the run: a {@link WorkerException} if the worker threw, else one of the other
	 * exceptions under {@link VimapException}.
	 * @return a lazy stream that must be read by one thread at a time; if that thread is
	 * interrupted while it waits, the stream throws a
	 * {@link java.util.concurrent.CancellationException}
	 * @throws IllegalArgumentException if chunks are larger than the bound
	 * @throws IllegalStateException if the inputs are an iterator or a stream that
	 * another terminal call has used
	 */
	Stream<InOut<I, O>> zipInOut();

	/**
	 * Pairs each input with its output or its failure; a failed task is a value. The
	 * stream goes on after it. Failures of no input (a worker's cleanup, a pool that
	 * takes no more inputs) come last.
	 * @return a lazy stream that must be read by one thread at a time
	 * @throws IllegalArgumentException as for {@link #zipInOut}
	 * @throws IllegalStateException as for {@link #zipInOut}
	 */
	Stream<TaskResult<I, O>> zipInOutTyp();

	/**
	 * Delivers the outputs alone. A failed task throws out of the stream, as for
	 * {@link #zipInOut}.
	 * @return a lazy stream that must be read by one thread at a time
	 * @throws IllegalArgumentException as for {@link #zipInOut}
	 * @throws IllegalStateException as for {@link #zipInOut}
	 */
	Stream<O> outputs();

	/**
	 * Runs all inputs and drops their outputs. A failed task throws out of this method,
	 * as for {@link #zipInOut}.
	 * @throws IllegalArgumentException as for {@link #zipInOut}
	 * @throws IllegalStateException as for {@link #zipInOut}
	 */
	void blockIgnoreOutput();

}
