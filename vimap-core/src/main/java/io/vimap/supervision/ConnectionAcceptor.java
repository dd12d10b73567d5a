package io.vimap.supervision;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

import io.vimap.protocol.PoolDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on the pool's socket. Each connection gets a thread of its own at once, so that
 * one that says nothing holds nobody up; only one that brings an unused token becomes a
 * worker's.
 */
final class ConnectionAcceptor implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionAcceptor.class);

	/**
	 * How long it waits when it can't accept: a connection that has not been accepted
	 * stays, and so would be tried again at once and for ever.
	 */
	private static final long PAUSE_MILLIS = 200;

	private final PoolThreads threads;

	private final WorkerSupervisor supervisor;

	private final PoolDirectory directory;

	/** Written by the supervisor thread, read by the acceptor thread. */
	private volatile ServerSocketChannel server;

	private final int frameLimit;

	private final Thread thread;

	/** A connection that waits until there is a selector for it. Acceptor thread only. */
	private @Nullable SocketChannel accepted;

	/** One that waits until there is a thread for it. Acceptor thread only. */
	private @Nullable WorkerReader unserved;

	/**
	 * Why the connection that waits does, {@code null} while none does. Written by the
	 * acceptor thread, read by any.
	 */
	private volatile @Nullable String trouble;

	final LongAdder bytesSent;

	final LongAdder bytesReceived;

	/** All connections that are open. Any thread. */
	private final Set<WorkerReader> readers = ConcurrentHashMap.newKeySet();

	/** Tokens that were handed out and not used. Any thread. */
	private final Map<String, WorkerProcess> expected = new ConcurrentHashMap<>();

	ConnectionAcceptor(PoolThreads threads, PoolDirectory directory, int frameLimit, WorkerSupervisor supervisor,
			LongAdder bytesSent, LongAdder bytesReceived) throws IOException {
		this.threads = threads;
		this.supervisor = supervisor;
		this.frameLimit = frameLimit;
		this.bytesSent = bytesSent;
		this.bytesReceived = bytesReceived;
		this.directory = directory;
		this.server = directory.listen();
		this.thread = threads.create("acceptor", 256 * 1024, this::acceptAll);
	}

	void start() {
		this.thread.start();
	}

	/**
	 * The socket has been removed: no child finds it any more. Supervisor thread only.
	 */
	void listenAgain() throws IOException {
		ServerSocketChannel lost = this.server;
		this.server = this.directory.listen();
		lost.close();
	}

	void expect(String token, WorkerProcess worker) {
		this.expected.put(token, worker);
	}

	void forget(String token) {
		this.expected.remove(token);
	}

	/** Trades a token for the worker it was made for, once. */
	@Nullable WorkerProcess redeem(String token) {
		return this.expected.remove(token);
	}

	int frameLimit() {
		return this.frameLimit;
	}

	/** Why no child can connect at this moment, {@code null} if it can. Any thread. */
	@Nullable String trouble() {
		return this.trouble;
	}

	private void acceptAll() {
		for (ServerSocketChannel listening = this.server; listening.isOpen(); listening = this.server) {
			try {
				serve((this.unserved != null) ? this.unserved : open(listening));
				this.trouble = null;
			}
			// Whatever it is: without this thread no child could start any more.
			catch (IOException | RuntimeException | Error ex) {
				if (!listening.isOpen()) {
					// Either for ever, or it listens anew.
					continue;
				}
				if (this.trouble == null) {
					// Without the stack: to print one takes classes, and so may take
					// files.
					logger
						.warn("Pool '{}' can't accept the connection of a child: {}. It tries again every {} ms; what does"
								+ " not connect within start-timeout is replaced. Where this process has too many open"
								+ " files or threads, raise 'ulimit -n' or 'ulimit -u', or use fewer processes.",
								this.threads.pool(), ex.toString(), PAUSE_MILLIS);
				}
				this.trouble = ex.toString();
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
			}
		}
		hangUp();
	}

	/**
	 * Accepts the next connection, or goes on with the last: if there is no file for its
	 * selector, it waits as it would have if there had been none for itself.
	 */
	private WorkerReader open(ServerSocketChannel listening) throws IOException {
		SocketChannel channel = this.accepted;
		if (channel == null) {
			channel = listening.accept();
			this.accepted = channel;
		}
		Selector selector = Selector.open();
		this.accepted = null;
		try {
			return new WorkerReader(this.threads, channel, selector, this, this.supervisor);
		}
		catch (IOException | RuntimeException | Error ex) {
			channel.close();
			selector.close();
			throw ex;
		}
	}

	private void hangUp() {
		if (this.unserved != null) {
			this.unserved.close();
		}
		try {
			if (this.accepted != null) {
				this.accepted.close();
			}
		}
		catch (IOException ex) {
			logger.debug("Closing {} failed", this.accepted, ex);
		}
	}

	/** Gives a connection its thread; if there is none, it waits for that, too. */
	private void serve(WorkerReader reader) {
		this.unserved = reader;
		this.readers.add(reader);
		reader.start();
		this.unserved = null;
		if (!this.server.isOpen()) {
			reader.close();
		}
	}

	void ended(WorkerReader reader) {
		this.readers.remove(reader);
	}

	/** All workers have ended: who is still connected is a stranger, and is cut off. */
	@Override
	public void close() throws IOException {
		this.server.close();
		LockSupport.unpark(this.thread);
		this.readers.forEach(WorkerReader::close);
	}

}
