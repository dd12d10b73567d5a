package io.vimap.pool;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A named, supervised set of child processes that all run the same worker. Safe for use
 * by many threads; several imaps and submits share the pool fairly. Once it has been
 * closed, tasks are refused with a {@link PoolClosedException}, and what would change it
 * (such as {@link #resize} and {@link #pause}) has no effect.
 *
 * @param <I> the type of an input
 * @param <O> the type of an output
 */
public interface ProcessPool<I extends @Nullable Object, O extends @Nullable Object> extends AutoCloseable {

	/**
	 * Returns the name of this pool, unique within its registry.
	 * @return the name
	 */
	String name();

	/**
	 * Forks the processes of a pool that was created with {@code auto-start: false}. Does
	 * not wait for them. Has no effect on a pool that has been started.
	 */
	void start();

	/**
	 * Describes a lazy, bounded run of all {@code inputs} through this pool. Nothing is
	 * pulled before a terminal call on the result. An input must not be changed before
	 * its result is there.
	 * @param inputs the inputs, possibly endless
	 * @return a description of the run
	 */
	Imap<I, O> imap(Iterable<? extends I> inputs);

	/**
	 * Like {@link #imap(Iterable)}, for an iterator.
	 * @param inputs the inputs, possibly endless; used by one terminal call only
	 * @return a description of the run
	 */
	Imap<I, O> imap(Iterator<? extends I> inputs);

	/**
	 * Like {@link #imap(Iterable)}, for a stream, which is closed with the run.
	 * @param inputs the inputs, possibly endless; used by one terminal call only
	 * @return a description of the run
	 */
	Imap<I, O> imap(Stream<? extends I> inputs);

	/**
	 * Sends one input to the pool. Never blocks; what no worker has room for yet waits in
	 * the pool's queue.
	 * <p>
	 * The future fails with the pool's exceptions ({@link WorkerException},
	 * {@link WorkerCrashedException}, {@link TaskTimeoutException},
	 * {@link PayloadException}, {@link PoolFailedException},
	 * {@link PoolClosedException}). {@code cancel(true)} takes the task back if it has
	 * not begun; if it has, its thread is interrupted and after {@code kill-grace} its
	 * process is killed and replaced. Whoever completes the future in another way, with
	 * {@code orTimeout} for instance, takes the task back if it has not begun, and lets
	 * it end unseen if it has. Dependent stages run on a few threads that all pools
	 * share, and on one that serves the pool only where no other can be started.
	 * @param input the input, {@code null} included; not to be changed before the future
	 * is done, since it is read when it is sent, and sent again if its worker dies
	 * @return the future output
	 */
	CompletableFuture<O> submit(I input);

	/**
	 * Waits until every process of the pool is ready for tasks. Does not start a pool
	 * that has not been started.
	 * @param timeout how long to wait at most; zero or less does not wait
	 * @return {@code true} if all are ready, {@code false} if the time passed first
	 * @throws InterruptedException if the thread is interrupted while it waits
	 * @throws PoolFailedException if the restart limit has been hit
	 * @throws PoolClosedException if the pool has been closed
	 */
	boolean awaitReady(Duration timeout) throws InterruptedException;

	/**
	 * Returns the state of the pool.
	 * @return the state at this moment
	 */
	PoolState state();

	/**
	 * Returns figures about the pool, its workers and their exits.
	 * @return a snapshot; its parts are taken one after the other while the pool works on
	 */
	PoolStats stats();

	/**
	 * Changes the number of processes. Workers that are no longer wanted finish the tasks
	 * they have begun and are then stopped.
	 * @param processes the new size, from 1 to {@link PoolOptions#MOST_PROCESSES}
	 * @throws IllegalArgumentException if {@code processes} is out of these bounds
	 */
	void resize(int processes);

	/**
	 * Replaces all processes, one at a time; each successor is ready before its
	 * predecessor retires. Returns at once. No task fails for it.
	 */
	void recycle();

	/**
	 * Replaces one process; its successor is ready before it retires. Returns at once.
	 * @param index the seat, from 0 to size − 1
	 * @throws IllegalArgumentException if there is no such seat
	 */
	void recycle(int index);

	/**
	 * Kills the process at one seat at once, with its descendants. The task it runs is
	 * treated as after any crash; the process is replaced.
	 * @param index the seat, from 0 to size − 1; or one that is no more since the pool
	 * was made smaller, while its worker has not finished
	 * @throws IllegalArgumentException if there is no such seat
	 */
	void kill(int index);

	/**
	 * Stops beginning new tasks. What runs goes on; what waits keeps waiting. If the pool
	 * is closed then, what waits fails as soon as nothing runs.
	 */
	void pause();

	/**
	 * Ends a {@link #pause}. On a pool that is {@link PoolState#FAILED}, forgets the
	 * counted restarts and starts the processes again.
	 */
	void resume();

	/**
	 * Takes the stacks of all threads of one worker process while it works.
	 * @param index the seat, from 0 to size − 1
	 * @return a future thread dump as text; fails if the worker ends before it answers
	 * @throws IllegalArgumentException if there is no such seat
	 * @throws IllegalStateException if no process has the seat at the moment
	 */
	CompletableFuture<String> threadDump(int index);

	/**
	 * Sends a notice to all workers that run, and to those that start later. Only the
	 * last notice of a topic is kept. Returns at once.
	 * @param topic what it is about, at most 1 KiB as UTF-8
	 * @param message the text, at most 64 KiB as UTF-8
	 * @throws IllegalArgumentException if one of them is longer
	 */
	void signal(String topic, String message);

	/**
	 * Shares content with all workers, which see it without a copy. It is removed with
	 * this pool. Content for init args must exist before the pool does:
	 * {@link SharedFile#create(byte[])}; a file that exists is shared by
	 * {@link SharedFile#of}.
	 * @param content the content
	 * @return the handle, to be sent with inputs or a {@link #signal}
	 * @throws java.io.UncheckedIOException if it can't be written
	 * @throws PoolClosedException if the pool has been closed
	 */
	default SharedFile share(byte[] content) {
		return share(new ByteArrayInputStream(content));
	}

	/**
	 * Like {@link #share(byte[])}, for content that need not fit into memory. The pools
	 * of this library implement it.
	 * @param content the content, read to its end and not closed
	 * @return the handle, to be sent with inputs or a {@link #signal}
	 * @throws java.io.UncheckedIOException if it can't be read or written
	 * @throws PoolClosedException if the pool has been closed
	 */
	default SharedFile share(InputStream content) {
		throw new UnsupportedOperationException(getClass().getName() + " shares nothing");
	}

	/**
	 * Tells whether the current thread is one of the pool's own, on which it calls
	 * listeners and callbacks of tasks. There {@link #close} only begins to close,
	 * because the pool needs the thread for its end; nobody should make it wait for that.
	 * @return whether {@code close} would not wait
	 */
	default boolean isOwnThread() {
		return false;
	}

	/**
	 * Takes no new tasks, waits up to {@code drain-timeout} for the accepted ones, then
	 * stops all processes and kills what has not ended. When it returns, no process,
	 * thread, socket or file of this pool is left. Idempotent; a concurrent second call
	 * waits for the first. On a thread of the pool's own, where its listeners and the
	 * callbacks of its futures are called, it begins all that and does not wait for it.
	 */
	@Override
	void close();

}
