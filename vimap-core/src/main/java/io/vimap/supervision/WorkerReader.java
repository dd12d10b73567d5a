package io.vimap.supervision;

import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import io.vimap.pool.ExceptionContext;
import io.vimap.protocol.Connection;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameSender;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.Hello;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads one child's connection, from its first byte to its last: first
 * the HELLO, then frames about the worker, which go to the supervisor, and frames about
 * tasks, which go to the conversation.
 */
final class WorkerReader implements WorkerLink {

	private static final Logger logger = LoggerFactory.getLogger(WorkerReader.class);

	/** A stranger may be silent for so long. */
	private static final long HELLO_MILLIS = 10_000;

	private final PoolThreads threads;

	private final SocketChannel channel;

	private final ConnectionAcceptor acceptor;

	private final WorkerSupervisor supervisor;

	private final Connection connection;

	private final FrameSender sender;

	/** Reader thread; after its end, whoever recovers the child's outbox. */
	private final InboundBuffer inbound = new InboundBuffer(Frames.HELLO_LIMIT);

	/** Reader thread only. */
	private final FrameInput input = new FrameInput();

	WorkerReader(PoolThreads threads, SocketChannel channel, Selector selector, ConnectionAcceptor acceptor,
			WorkerSupervisor supervisor) throws IOException {
		this.threads = threads;
		this.channel = channel;
		this.acceptor = acceptor;
		this.supervisor = supervisor;
		this.connection = new Connection(channel, selector);
		this.sender = new FrameSender(this.connection, acceptor.bytesSent);
	}

	/** Starts the thread. */
	void start() {
		this.threads.create("handshake", 512 * 1024, this::run).start();
	}

	private void run() {
		WorkerProcess worker = null;
		try {
			worker = shakeHands();
			if (worker != null) {
				Thread.currentThread().setName(this.threads.name("reader-" + worker.number()));
				readAll(worker);
			}
		}
		catch (IOException ex) {
			// A reset: the child ended with bytes unread. It is the end all the same.
			logger.debug("Connection of {} ended", worker, ex);
		}
		catch (ProtocolException ex) {
			if (worker != null) {
				this.supervisor.post(new SupervisorEvent.ProtocolBroken(worker, String.valueOf(ex.getMessage())));
			}
			else {
				logger.warn("Pool '{}' refused a connection: {}", this.threads.pool(), ex.getMessage());
			}
		}
		catch (RuntimeException | Error ex) {
			// Nobody reads its frames any more, so it is of no use.
			logger.error("The reader of {} met an unexpected problem", worker, ex);
			if (worker != null) {
				this.supervisor.post(new SupervisorEvent.ProtocolBroken(worker,
						"the pool could not go on reading what it sent: " + ex));
			}
		}
		finally {
			close();
			this.acceptor.ended(this);
			if (worker != null) {
				this.supervisor.post(new SupervisorEvent.ConnectionEnded(worker));
			}
		}
	}

	private @Nullable WorkerProcess shakeHands() throws IOException {
		long deadline = System.nanoTime() + HELLO_MILLIS * 1_000_000;
		FrameType type;
		while ((type = this.inbound.next(this.input)) == null) {
			long left = (deadline - System.nanoTime()) / 1_000_000;
			if (left <= 0) {
				throw new ProtocolException("no HELLO within " + HELLO_MILLIS + " ms");
			}
			this.connection.awaitReadable(left);
			if (this.connection.read(this.inbound) < 0) {
				if (this.inbound.received() == 0) {
					// Another pool that wanted to know whether this one lives.
					return null;
				}
				throw new ProtocolException("it ended without a HELLO");
			}
		}
		if (type != FrameType.HELLO) {
			throw new ProtocolException("its first frame is a " + type);
		}
		Hello hello = Hello.read(this.input);
		WorkerProcess worker = this.acceptor.redeem(hello.token());
		if (worker == null) {
			throw new ProtocolException("process " + hello.pid() + " has no valid token: it is none"
					+ " that the pool has just started, or it has ended meanwhile");
		}
		if (hello.version() != Frames.VERSION) {
			String reason = "the child speaks protocol version " + hello.version() + ", the pool version "
					+ Frames.VERSION + ": two versions of vimap-core are on the class path; use the same for both";
			PayloadBuffer out = new PayloadBuffer(256);
			Frames.refused(out, reason);
			this.sender.send(out);
			this.supervisor.post(new SupervisorEvent.WrongVersion(worker, reason));
			return worker;
		}
		this.inbound.frameLimit(this.acceptor.frameLimit());
		this.acceptor.bytesReceived.add(this.inbound.received());
		this.supervisor.post(new SupervisorEvent.Connected(worker, this));
		return worker;
	}

	private void readAll(WorkerProcess worker) throws IOException {
		while (true) {
			Conversation conversation = worker.conversation();
			try {
				takeFrames(worker, conversation);
			}
			finally {
				// What was answered before the child began to talk nonsense counts.
				if (conversation != null) {
					conversation.onReadDone();
				}
			}
			if (this.connection.awaitReadable(0)) {
				this.sender.pump();
			}
			int count = this.connection.read(this.inbound);
			if (count < 0) {
				return;
			}
			this.acceptor.bytesReceived.add(count);
		}
	}

	private void takeFrames(WorkerProcess worker, @Nullable Conversation conversation) {
		FrameType type;
		while ((type = this.inbound.next(this.input)) != null) {
			switch (type) {
				case RESULT, FAILURE, RECALLED, STACK, MAPPED -> {
					if (conversation == null) {
						throw new ProtocolException("a " + type + " before any task was sent");
					}
					conversation.onFrame(type, this.input);
				}
				default -> onWorkerFrame(worker, type);
			}
		}
	}

	private void onWorkerFrame(WorkerProcess worker, FrameType type) {
		switch (type) {
			case READY -> {
				this.input.readLong();
				this.input.expectEnd();
				this.supervisor.post(new SupervisorEvent.Ready(worker));
			}
			case START_FAILED -> this.supervisor.post(new SupervisorEvent.StartFailed(worker, readThrowable()));
			case GOODBYE -> this.supervisor.post(new SupervisorEvent.Goodbye(worker, readCleanupFailure()));
			case EXITING -> {
				this.input.expectEnd();
				this.supervisor.post(new SupervisorEvent.Exiting(worker));
			}
			case THREADS -> worker.dumped(this.input.readInt(), this.input.readText());
			default -> throw new ProtocolException("a " + type + " from the child");
		}
	}

	private @Nullable ExceptionContext readCleanupFailure() {
		if (this.input.readByte() != 0) {
			return readThrowable();
		}
		this.input.expectEnd();
		return null;
	}

	private ExceptionContext readThrowable() {
		return RemoteThrowables.decode(this.input);
	}

	@Override
	public FrameSender sender() {
		return this.sender;
	}

	@Override
	public InboundBuffer inbound() {
		return this.inbound;
	}

	@Override
	public void close() {
		try {
			this.connection.close();
		}
		catch (IOException ex) {
			logger.debug("Closing {} failed", this.channel, ex);
		}
	}

}
