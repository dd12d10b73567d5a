package io.vimap.crash;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program with a pool that starts all threads it may, after its child has been launched
 * and before that connects, or before the end of a task that has a callback.
 */
public final class FewThreadsMain implements AutoCloseable {

	/** That of a thread that reads a connection. */
	private static final long READER_STACK = 512 * 1024;

	/** Less than that of any thread. */
	private static final long SMALLEST_STACK = 128 * 1024;

	/** What the pool has warned of. */
	private final LinkedBlockingQueue<String> warnings = new LinkedBlockingQueue<>();

	private final LinkedBlockingQueue<WorkerExit> exits = new LinkedBlockingQueue<>();

	private final Semaphore released = new Semaphore(0);

	private final Path gate = Path.of(System.getProperty("java.io.tmpdir"), "gate");

	private final ProcessPool<String, String> pool;

	private FewThreadsMain(Duration startTimeout) {
		Logger logger = (Logger) LoggerFactory.getLogger("io.vimap.supervision");
		AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
			@Override
			protected void append(ILoggingEvent event) {
				if (event.getLevel() == Level.WARN) {
					FewThreadsMain.this.warnings.add(event.getFormattedMessage());
				}
			}
		};
		appender.start();
		logger.addAppender(appender);
		PoolListener listener = new PoolListener() {
			@Override
			public void onWorkerExit(WorkerExit exit) {
				FewThreadsMain.this.exits.add(exit);
			}
		};
		// Each worker waits until the gate is there.
		List<String> prefix = List.of("sh", "-c", "until [ -e \"$0\" ]; do sleep 0.02; done; exec \"$@\"",
				this.gate.toString());
		this.pool = Vimap.forkIdentical(WorkerSpec.function((String input) -> input), 1,
				PoolOptions.builder()
					.name("few-threads")
					.startTimeout(startTimeout)
					.commandPrefix(prefix)
					.listeners(List.of(listener))
					.build());
	}

	/** Takes all room for stacks, but for some that are smaller. */
	private void hoard(long smallest) {
		for (long stack = 1 << 30; stack >= smallest; stack /= 2) {
			try {
				while (true) {
					Thread thread = new Thread(null, this.released::acquireUninterruptibly, "hoard", stack);
					thread.setDaemon(true);
					thread.start();
				}
			}
			catch (OutOfMemoryError ex) {
				assertThat(ex).hasMessageContaining("native thread");
			}
		}
	}

	private void release() {
		this.released.release(Integer.MAX_VALUE / 2);
	}

	private void assertWarns() throws Exception {
		assertThat(this.warnings.poll(20, TimeUnit.SECONDS)).contains("few-threads", "native thread", "ulimit -u");
	}

	/** The connection waits until there is a thread that serves it. */
	private void acceptLater() throws Exception {
		awaitLaunch();
		hoard(READER_STACK);
		Files.createFile(this.gate);
		assertWarns();
		release();
		assertThat(this.pool.submit("x").get(20, TimeUnit.SECONDS)).isEqualTo("x");
		assertThat(this.exits).isEmpty();
	}

	/** The worker is replaced by one that starts, and its end says what was missing. */
	private void giveUp() throws Exception {
		awaitLaunch();
		hoard(READER_STACK);
		Files.createFile(this.gate);
		assertWarns();
		WorkerExit exit = this.exits.poll(30, TimeUnit.SECONDS);
		release();
		assertThat(exit.reason()).isEqualTo(ExitReason.START_TIMEOUT);
		assertThat(exit.explanation()).contains("native thread");
		assertThat(this.pool.submit("x").get(20, TimeUnit.SECONDS)).isEqualTo("x");
	}

	/** They are called all the same, and the worker goes on. */
	private void callBack() throws Exception {
		Files.createFile(this.gate);
		this.pool.submit("x").get(20, TimeUnit.SECONDS);
		hoard(READER_STACK);
		CompletableFuture<String> shouted = this.pool.submit("y").thenApply((output) -> output + "!");
		assertThat(shouted.get(20, TimeUnit.SECONDS)).isEqualTo("y!");
		release();
		assertThat(this.pool.submit("z").get(20, TimeUnit.SECONDS)).isEqualTo("z");
		assertThat(this.exits).isEmpty();
	}

	/** Of a process for which there are no threads, nothing is left. */
	private void grow() throws Exception {
		Files.createFile(this.gate);
		this.pool.submit("x").get(20, TimeUnit.SECONDS);
		assertThat(running()).isEqualTo(1);
		// One that is left would wait for it.
		Files.delete(this.gate);
		hoard(SMALLEST_STACK);
		this.pool.resize(2);
		WorkerExit exit = this.exits.poll(20, TimeUnit.SECONDS);
		// The next may have been started meanwhile, and is killed as well. There is no
		// thread for Awaitility.
		long begin = System.nanoTime();
		long left;
		while ((left = running()) > 1 && System.nanoTime() - begin < 10_000_000_000L) {
			Thread.onSpinWait();
		}
		assertThat(left).isEqualTo(1);
		release();
		Files.createFile(this.gate);
		assertThat(exit.reason()).isEqualTo(ExitReason.START_FAILED);
		// What is left is less than a stack, and may be less than it takes to fork.
		assertThat(exit.explanation()).containsAnyOf("raise 'ulimit -u'", "Cannot allocate memory");
		Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> this.pool.stats().ready() == 2);
		assertThat(running()).isEqualTo(2);
	}

	/** The processes that this one has started, but for those that are dead. */
	private static long running() {
		return ProcessHandle.current().children().filter((child) -> child.info().command().isPresent()).count();
	}

	private static void awaitLaunch() {
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.anyMatch((thread) -> thread.getName().equals("vimap-few-threads-0-exit")));
	}

	@Override
	public void close() {
		release();
		this.pool.close();
	}

	/**
	 * Runs the program.
	 * @param args {@code accept-later}, {@code give-up}, {@code grow} or
	 * {@code call-back}
	 * @throws Exception if the pool does not behave
	 */
	public static void main(String[] args) throws Exception {
		String what = args[0];
		try (FewThreadsMain program = new FewThreadsMain(Duration.ofSeconds(what.equals("give-up") ? 10 : 60))) {
			switch (what) {
				case "accept-later" -> program.acceptLater();
				case "give-up" -> program.giveUp();
				case "grow" -> program.grow();
				default -> program.callBack();
			}
		}
	}

}
