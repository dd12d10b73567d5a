package io.vimap.crash;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vimap.Vimap;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program with a pool that opens all files it may. Who then connects to the pool is a
 * stranger, made before: a child could not be started.
 */
public final class FewFilesMain implements AutoCloseable {

	/** An epoll and an event. */
	private static final int SELECTOR_FILES = 2;

	/** So many tasks are done before their results are sent. */
	private static final int QUICK = 50;

	private static final long QUICK_NANOS = 20_000;

	/** What the pool has warned of. */
	private final LinkedBlockingQueue<String> warnings = new LinkedBlockingQueue<>();

	private final LinkedBlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();

	private final Deque<FileInputStream> hoard = new ArrayDeque<>();

	private final ProcessPool<String, String> pool;

	private final UnixDomainSocketAddress socket;

	private FewFilesMain() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("io.vimap.supervision");
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
			@Override
			protected void append(ILoggingEvent event) {
				if (event.getLevel() == Level.WARN) {
					FewFilesMain.this.warnings.add(event.getFormattedMessage());
				}
			}
		};
		appender.start();
		logger.addAppender(appender);
		PoolListener listener = new PoolListener() {
			@Override
			public void onWorkerExit(WorkerExit exit) {
				FewFilesMain.this.exits.add(exit);
			}
		};
		this.pool = Vimap.forkIdentical(WorkerSpec.function(FewFilesMain::obey), 1,
				PoolOptions.builder()
					.name("few-files")
					.prefetch(4 * QUICK)
					.restartIntensity(1000)
					.listeners(List.of(listener))
					.build());
		assertThat(this.pool.awaitReady(Duration.ofSeconds(60))).isTrue();
		try (Stream<Path> files = Files.walk(Path.of(System.getProperty("java.io.tmpdir")))) {
			this.socket = UnixDomainSocketAddress
				.of(files.filter((file) -> file.endsWith("s")).findFirst().orElseThrow());
		}
		// Loads the classes that are needed when no file can be opened any more.
		try (SocketChannel stranger = stranger()) {
			stranger.connect(this.socket);
			assertRefused(stranger);
		}
		assertThat(ExceptionContext.class).isNotNull();
		hoard();
		release();
	}

	/** The worker. */
	private static String obey(String input) {
		if (input.equals("halt")) {
			Fault.HALT.happen();
		}
		if (input.equals("loop")) {
			Fault.LOOP.happen();
		}
		if (input.equals("quick")) {
			long end = System.nanoTime() + QUICK_NANOS;
			while (System.nanoTime() < end) {
				Thread.onSpinWait();
			}
		}
		return input;
	}

	private static SocketChannel stranger() throws IOException {
		return SocketChannel.open(StandardProtocolFamily.UNIX);
	}

	/** Talks nonsense, so that the pool hangs up. */
	private void assertRefused(SocketChannel stranger) throws Exception {
		stranger.write(ByteBuffer.wrap("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII)));
		assertThat(stranger.read(ByteBuffer.allocate(1))).isEqualTo(-1);
		assertThat(this.warnings.poll(10, TimeUnit.SECONDS)).contains("refused a connection");
	}

	private void assertTakesTasks() throws Exception {
		assertThat(this.pool.submit("x").get(10, TimeUnit.SECONDS)).isEqualTo("x");
	}

	/** Takes all descriptors, when nobody gives any back. */
	private void hoard() throws IOException {
		// Who hangs up on a stranger does.
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("vimap-few-files-handshake")));
		takeAll();
	}

	/** Takes all descriptors there are. */
	private void takeAll() throws IOException {
		try {
			while (true) {
				this.hoard.add(new FileInputStream("/dev/null"));
			}
		}
		catch (FileNotFoundException ex) {
			assertThat(ex).hasMessageContaining("Too many open files");
		}
	}

	private void release() throws IOException {
		while (!this.hoard.isEmpty()) {
			this.hoard.remove().close();
		}
	}

	private void assertWarnsOnce() throws Exception {
		assertThat(this.warnings.poll(10, TimeUnit.SECONDS)).contains("few-files", "Too many open files", "ulimit -n");
		assertThat(this.warnings.poll(1, TimeUnit.SECONDS)).isNull();
	}

	/**
	 * Connections wait for what they need: the first for what tells when it can be read,
	 * since it has got its own descriptor when it began to be waited for; the second for
	 * that.
	 */
	private void acceptLater() throws Exception {
		try (SocketChannel first = stranger(); SocketChannel second = stranger()) {
			hoard();
			first.connect(this.socket);
			assertWarnsOnce();
			second.connect(this.socket);
			// Should anything have been given back since.
			hoard();
			for (int i = 0; i < SELECTOR_FILES; i++) {
				this.hoard.remove().close();
			}
			assertWarnsOnce();
			release();
			assertRefused(first);
			assertRefused(second);
			assertTakesTasks();
		}
	}

	/** What a worker has finished counts, though no file can be opened at its end. */
	private void assertLastWords(boolean hoarding) throws Exception {
		this.pool.pause();
		List<CompletableFuture<String>> quick = submit(QUICK);
		CompletableFuture<String> halt = this.pool.submit("halt");
		// With so much behind them, results wait for each other.
		List<CompletableFuture<String>> behind = submit(2 * QUICK);
		this.pool.resume();
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		while (hoarding && !halt.isDone() && System.nanoTime() < end) {
			// The end of the worker gives descriptors back.
			takeAll();
		}
		assertThat(halt).failsWithin(10, TimeUnit.SECONDS)
			.withThrowableThat()
			.withCauseInstanceOf(WorkerCrashedException.class);
		assertThat(quick).allSatisfy((each) -> assertThat(each).isCompletedWithValue("quick"));
		release();
		assertThat(behind).allSatisfy((each) -> assertThat(each).succeedsWithin(60, TimeUnit.SECONDS));
	}

	/** A process is killed, though nobody can look what it has started. */
	private void assertKills(boolean hoarding) throws Exception {
		CompletableFuture<String> loop = this.pool.submit("loop");
		Awaitility.await().until(() -> this.pool.stats().inFlight() == 1);
		if (hoarding) {
			takeAll();
		}
		loop.cancel(true);
		assertThat(this.exits.poll(20, TimeUnit.SECONDS)).isNotNull();
		release();
		assertThat(this.pool.submit("x").get(60, TimeUnit.SECONDS)).isEqualTo("x");
	}

	private List<CompletableFuture<String>> submit(int count) {
		return Stream.generate(() -> this.pool.submit("quick")).limit(count).toList();
	}

	@Override
	public void close() throws IOException {
		release();
		this.pool.close();
	}

	/**
	 * Runs the program.
	 * @param args {@code accept-later}, {@code kill} or {@code last-words}
	 * @throws Exception if the pool does not behave
	 */
	public static void main(String[] args) throws Exception {
		try (FewFilesMain program = new FewFilesMain()) {
			if (args[0].equals("accept-later")) {
				program.acceptLater();
				// It says so each time.
				program.acceptLater();
			}
			else if (args[0].equals("kill")) {
				// First, what it takes is loaded.
				program.assertKills(false);
				program.assertKills(true);
			}
			else {
				// First, what it takes is loaded.
				program.assertLastWords(false);
				program.assertLastWords(true);
			}
		}
	}

}
