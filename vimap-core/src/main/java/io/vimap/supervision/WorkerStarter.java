package io.vimap.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.ExitStatus;
import io.vimap.launch.LaunchRequest;
import io.vimap.launch.ProcessLauncher;
import io.vimap.pool.ExitReason;
import io.vimap.pool.OutputMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerExit;
import io.vimap.protocol.Frames;
import io.vimap.protocol.LineMark;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PoolDirectory;
import io.vimap.protocol.Welcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that is needed around one worker's process: its directory, its token, its launch,
 * the WELCOME, and the report when it has ended. Supervisor thread only, unless said
 * otherwise.
 */
final class WorkerStarter {

	private static final Logger logger = LoggerFactory.getLogger(WorkerStarter.class);

	private static final String CHILD_PROGRAM = "io.vimap.child.WorkerMain";

	private static final String GREETING = "vimap " + Frames.VERSION;

	private final PoolOptions options;

	private final PoolThreads threads;

	private final PoolDirectory directory;

	private final ProcessLauncher launcher;

	private final PayloadMemories memories;

	private final SecureRandom random = new SecureRandom();

	private @Nullable ConnectionAcceptor acceptor;

	private long launches;

	/** Any thread. */
	private final LongAdder bytesSent = new LongAdder();

	/** Any thread. */
	private final LongAdder bytesReceived = new LongAdder();

	/**
	 * Creates a starter with the pool's directory in it.
	 * @param options the pool's options
	 * @param threads the pool's own
	 * @param launcher makes the launcher, given the pool's directory
	 * @throws IllegalArgumentException if the directory's path is too long for a socket
	 * @throws UncheckedIOException if the directory can't be made
	 */
	WorkerStarter(PoolOptions options, PoolThreads threads, Function<Path, ProcessLauncher> launcher) {
		this.options = options;
		this.threads = threads;
		this.directory = PoolDirectory.create(options.name());
		this.memories = new PayloadMemories(options.name(), this.directory.path(), this.bytesSent, this.bytesReceived);
		this.launcher = launcher.apply(this.directory.path());
	}

	/**
	 * Returns how many bytes were sent. Any thread.
	 * @return bytes since the pool was made
	 */
	long bytesSent() {
		return this.bytesSent.sum();
	}

	/**
	 * Returns how many bytes were received. Any thread.
	 * @return bytes since the pool was made
	 */
	long bytesReceived() {
		return this.bytesReceived.sum();
	}

	/** The pool's own directory. Any thread. */
	Path directory() {
		return this.directory.path();
	}

	/** Removes what pools that were killed have left. */
	void removeOrphans() {
		try {
			this.directory.deleteOrphanedSiblings();
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Pool '{}' could not remove what killed pools have left", this.options.name(), ex);
		}
	}

	WorkerProcess prepare(WorkerSupervisor supervisor, long now) {
		byte[] token = new byte[32];
		this.random.nextBytes(token);
		long number = ++this.launches;
		return new WorkerProcess(supervisor, this.options.name(), number,
				this.directory.path().resolve(String.valueOf(number)), HexFormat.of().formatHex(token), now,
				this.memories);
	}

	ChildProcess launch(WorkerProcess worker, WorkerSupervisor supervisor) throws IOException {
		ConnectionAcceptor listening = listen(supervisor);
		Files.createDirectory(worker.directory());
		Path outbox = worker.directory().resolve("outbox");
		worker.outbox = create(outbox);
		listening.expect(worker.token(), worker);
		try {
			String label = this.options.name() + "-" + (worker.isSpare() ? "spare" : worker.index());
			return this.launcher.launch(new LaunchRequest(label, CHILD_PROGRAM, worker.directory(),
					List.of(GREETING, this.directory.socket().toString(), worker.token(), outbox.toString()),
					(error, line) -> output(worker, error, line)));
		}
		catch (IOException | RuntimeException | Error ex) {
			listening.forget(worker.token());
			throw ex;
		}
	}

	private static FileChannel create(Path outbox) throws IOException {
		try {
			return Outbox.create(outbox);
		}
		catch (IOException ex) {
			// Of a write, the message alone does not say where.
			throw new IOException("Cannot write " + outbox + " (system property java.io.tmpdir): " + ex.getMessage(),
					ex);
		}
	}

	private ConnectionAcceptor listen(WorkerSupervisor supervisor) throws IOException {
		ConnectionAcceptor listening = this.acceptor;
		if (listening == null) {
			listening = new ConnectionAcceptor(this.threads, this.directory, frameLimit(), supervisor, this.bytesSent,
					this.bytesReceived);
			try {
				listening.start();
			}
			catch (Error ex) {
				listening.close();
				throw ex;
			}
			this.acceptor = listening;
		}
		else if (!this.directory.hasSocket()) {
			this.directory.restore();
			listening.listenAgain();
			logger.warn("Somebody has removed {}, the directory of pool '{}', or files in it; it has been made again."
					+ " If your system tidies up its temporary files, exempt those whose names begin with 'vimap-',"
					+ " or set java.io.tmpdir to another directory.", this.directory.path(), this.options.name());
		}
		return listening;
	}

	private int frameLimit() {
		return (int) Math.min(Integer.MAX_VALUE - 16, this.options.maxPayload() + Frames.OVERHEAD);
	}

	/** Threads of the launch room. */
	private void output(WorkerProcess worker, boolean error, String line) {
		if (this.options.output() == OutputMode.LOG) {
			Logger target = LoggerFactory.getLogger("vimap." + this.options.name() + "."
					+ (worker.isSpare() ? "spare" : String.valueOf(worker.index())));
			if (line.startsWith(LineMark.ERROR)) {
				target.error("{}", line.substring(LineMark.LENGTH));
			}
			else if (line.startsWith(LineMark.WARN)) {
				target.warn("{}", line.substring(LineMark.LENGTH));
			}
			else if (error) {
				target.warn("{}", line);
			}
			else {
				target.info("{}", line);
			}
		}
	}

	PayloadBuffer welcome(WorkerProcess worker, WorkerDefinition definition, Map<String, String> signals) {
		PayloadBuffer out = new PayloadBuffer(1024);
		new Welcome(this.options.name(), worker.index(), worker.incarnation(), definition.kind(),
				definition.definition(), definition.initArgs(), this.options.codec(), definition.inputType(),
				definition.outputType(), this.options.maxPayload(), signals)
			.write(out);
		return out;
	}

	/** Why no process can connect at this moment, {@code null} if it can. */
	@Nullable String trouble() {
		return (this.acceptor != null) ? this.acceptor.trouble() : null;
	}

	/** The process has ended: its token is worth nothing any more. */
	void forget(WorkerProcess worker) {
		if (this.acceptor != null) {
			this.acceptor.forget(worker.token());
		}
	}

	/** Looks into what an ended worker left, once. */
	@Nullable Outbox outbox(WorkerProcess worker) {
		try (FileChannel file = worker.outbox) {
			return (file != null && worker.child() != null) ? Outbox.read(file) : null;
		}
		catch (IOException ex) {
			logger.debug("The outbox of {} can't be read", worker, ex);
			return null;
		}
	}

	WorkerExit report(WorkerProcess worker, @Nullable Outbox outbox, long now) {
		ChildProcess child = worker.child();
		ExitStatus status = worker.exitStatus;
		ExitReason reason = (worker.reason != null) ? worker.reason : ExitReason.CRASHED;
		Conversation conversation = worker.conversation();
		Long task = null;
		if (conversation != null && outbox != null && outbox.begun() != 0 && !outbox.answers(outbox.begun())) {
			task = conversation.taskId(outbox.begun());
		}
		return new WorkerExit(this.options.name(), reason, worker.detail, worker.index(), worker.pid(),
				worker.incarnation(), (status != null) ? status.code() : -1, (status != null) ? status.signal() : null,
				Instant.now(), Duration.ofNanos(now - worker.launchedAt()),
				(conversation != null) ? conversation.tasksDone() : 0, task,
				(child != null) ? child.lastOutput() : List.of(),
				(child != null && child.errorFile() != null) ? String.valueOf(child.errorFile()) : null,
				(status != null) ? status.errorFileHead() : List.of(), status != null && status.oomKilled(),
				worker.failure);
	}

	/** Removes what an ended worker left. */
	void cleanUp(WorkerProcess worker) {
		try {
			PoolDirectory.delete(worker.directory());
		}
		catch (IOException ex) {
			logger.warn("Pool '{}' could not delete {}", this.options.name(), worker.directory(), ex);
		}
	}

	/** Removes everything. */
	void close() {
		try {
			if (this.acceptor != null) {
				this.acceptor.close();
			}
			this.launcher.close();
			this.memories.close();
			this.directory.delete();
		}
		catch (IOException ex) {
			logger.warn("Pool '{}' could not delete {}", this.options.name(), this.directory.path(), ex);
		}
	}

}
