package io.vimap.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

import io.vimap.pool.WorkerState;
import io.vimap.protocol.ParentPayloadMemory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory for large values of a pool's workers. What a dead worker had serves the next
 * that needs some: Java can't unmap a file, so otherwise each worker would leave a
 * mapping behind, however long the garbage collector takes to find it. Safe for use by
 * many threads.
 */
final class PayloadMemories {

	private static final Logger logger = LoggerFactory.getLogger(PayloadMemories.class);

	private final String pool;

	private final Path directory;

	private final LongAdder sent;

	private final LongAdder received;

	/** Guarded by "this". */
	private final Map<WorkerProcess, ParentPayloadMemory> inUse = new HashMap<>();

	/** Guarded by "this". */
	private final Deque<ParentPayloadMemory> idle = new ArrayDeque<>();

	/** Guarded by "this": how many have been made. */
	private int made;

	/**
	 * Guarded by "this": there are none, or no more, so that none waits for a next
	 * worker.
	 */
	private boolean unavailable;

	/** Guarded by "this": the last one could not be made, as has been told. */
	private boolean missing;

	/**
	 * Creates the memories of a pool, of which there are none yet.
	 * @param pool the pool, for messages
	 * @param directory where they are
	 * @param sent counts the bytes of inputs
	 * @param received counts the bytes of outputs
	 */
	PayloadMemories(String pool, Path directory, LongAdder sent, LongAdder received) {
		this.pool = pool;
		this.directory = directory;
		this.sent = sent;
		this.received = received;
		// Elsewhere a file can't be deleted while it is mapped.
		this.unavailable = !directory.getFileSystem().supportedFileAttributeViews().contains("posix");
	}

	/**
	 * Returns a worker's own memory.
	 * @param worker the worker
	 * @return the memory, or {@code null} if there is none for it (any more)
	 */
	synchronized @Nullable ParentPayloadMemory of(WorkerProcess worker) {
		ParentPayloadMemory memory = this.inUse.get(worker);
		if (memory != null || this.unavailable || worker.state() == WorkerState.EXITED) {
			return memory;
		}
		try {
			memory = findIdle();
			memory = (memory != null) ? memory : create();
			this.missing = false;
			this.inUse.put(worker, memory);
		}
		catch (IOException ex) {
			if (!this.missing) {
				this.missing = true;
				logger.warn("Pool '{}' sends large values through sockets, which takes longer, because it can't have a"
						+ " file for them: {}", this.pool, ex.toString());
			}
		}
		return memory;
	}

	/** One whose file somebody has removed is of no use: no worker can open it. */
	private @Nullable ParentPayloadMemory findIdle() {
		ParentPayloadMemory memory;
		while ((memory = this.idle.poll()) != null && !Files.exists(memory.file())) {
			free(memory);
		}
		return memory;
	}

	private ParentPayloadMemory create() throws IOException {
		return ParentPayloadMemory.create(this.directory.resolve("memory-" + ++this.made), this.sent, this.received);
	}

	/** A worker is EXITED, and nobody reads any more what it sent. */
	synchronized void giveBack(WorkerProcess worker) {
		ParentPayloadMemory memory = this.inUse.remove(worker);
		if (memory != null) {
			memory.retire();
			if (this.unavailable) {
				free(memory);
			}
			else {
				this.idle.add(memory);
			}
		}
	}

	/** All workers are EXITED. What some of them sent may not have been read yet. */
	synchronized void close() {
		this.unavailable = true;
		this.idle.forEach(PayloadMemories::free);
		this.idle.clear();
	}

	private static void free(ParentPayloadMemory memory) {
		try {
			memory.free();
		}
		catch (IOException ex) {
			logger.debug("{} can't be emptied", memory.file(), ex);
		}
	}

}
