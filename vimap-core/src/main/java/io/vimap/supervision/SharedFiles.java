package io.vimap.supervision;

import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolState;
import io.vimap.pool.SharedFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files a pool shares with its workers, which are removed with it. Safe for use by
 * many threads.
 */
public final class SharedFiles {

	private static final Logger logger = LoggerFactory.getLogger(SharedFiles.class);

	private final String pool;

	private final PoolStatus status;

	/** Any thread. */
	private final Queue<SharedFile> files = new ConcurrentLinkedQueue<>();

	/**
	 * Creates a room without files.
	 * @param pool the pool's name
	 * @param status tells whether the pool is closed
	 */
	public SharedFiles(String pool, PoolStatus status) {
		this.pool = pool;
		this.status = status;
	}

	/**
	 * Makes a file that is removed with the pool.
	 * @param maker makes it, and may take its time
	 * @return the file
	 * @throws PoolClosedException if the pool is closed, or has been meanwhile
	 */
	public SharedFile share(Supplier<SharedFile> maker) {
		refuseIfClosed();
		SharedFile file = maker.get();
		this.files.add(file);
		try {
			// It may have been closed meanwhile, and not have removed this file.
			refuseIfClosed();
		}
		catch (PoolClosedException ex) {
			remove(file);
			throw ex;
		}
		return file;
	}

	private void refuseIfClosed() {
		PoolState now = this.status.state();
		if (now == PoolState.STOPPING || now == PoolState.TERMINATED) {
			throw new PoolClosedException(this.pool, "pool '" + this.pool + "' is closed and shares nothing");
		}
	}

	/**
	 * Removes all files, once the pool is closed and no worker needs them. Never fails: a
	 * file that can't be removed is logged.
	 */
	public void removeAll() {
		SharedFile file;
		while ((file = this.files.poll()) != null) {
			remove(file);
		}
	}

	private void remove(SharedFile file) {
		try {
			file.close();
		}
		catch (UncheckedIOException ex) {
			logger.warn("Pool '{}' could not remove what it shared", this.pool, ex);
		}
	}

}
