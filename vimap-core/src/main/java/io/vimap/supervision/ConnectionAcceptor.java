package io.vimap.supervision;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

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

	private final String pool;

	private final WorkerSupervisor supervisor;

	private final ServerSocketChannel server;

	private final int frameLimit;

	final LongAdder bytesSent;

	final LongAdder bytesReceived;

	/** All connections that are open. Any thread. */
	private final Set<WorkerReader> readers = ConcurrentHashMap.newKeySet();

	/** Tokens that were handed out and not used. Any thread. */
	private final Map<String, WorkerProcess> expected = new ConcurrentHashMap<>();

	ConnectionAcceptor(String pool, PoolDirectory directory, int frameLimit, WorkerSupervisor supervisor,
			LongAdder bytesSent, LongAdder bytesReceived) throws IOException {
		this.pool = pool;
		this.supervisor = supervisor;
		this.frameLimit = frameLimit;
		this.bytesSent = bytesSent;
		this.bytesReceived = bytesReceived;
		this.server = directory.listen();
	}

	void start() {
		Thread thread = new Thread(null, this::acceptAll, "vimap-" + this.pool + "-acceptor", 256 * 1024);
		thread.setDaemon(true);
		thread.start();
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

	private void acceptAll() {
		while (this.server.isOpen()) {
			try {
				SocketChannel channel = this.server.accept();
				WorkerReader reader = new WorkerReader(this.pool, channel, this, this.supervisor);
				this.readers.add(reader);
				reader.start();
				if (!this.server.isOpen()) {
					reader.close();
				}
			}
			catch (IOException | OutOfMemoryError ex) {
				if (this.server.isOpen()) {
					logger.warn("Pool '{}' could not accept a connection", this.pool, ex);
				}
			}
		}
	}

	void ended(WorkerReader reader) {
		this.readers.remove(reader);
	}

	/** All workers have ended: who is still connected is a stranger, and is cut off. */
	@Override
	public void close() throws IOException {
		this.server.close();
		this.readers.forEach(WorkerReader::close);
	}

}
