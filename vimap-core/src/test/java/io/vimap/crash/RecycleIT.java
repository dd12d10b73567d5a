package io.vimap.crash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Pools that change while they work: workers are recycled, seats come and go, a failed
 * pool is resumed. Nobody who waits for a result notices.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class RecycleIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	Path directory;

	static class Busy implements Worker<String, Long> {

		/** Never freed: the process grows. */
		private final List<ByteBuffer> hoard = new ArrayList<>();

		@Override
		public void init(WorkerContext context) throws IOException {
			if (Files.exists(Path.of(System.getProperty("bad", "none")))) {
				throw new IOException("not yet");
			}
		}

		@Override
		public Long process(String input) throws Exception {
			switch (input) {
				case "grow" -> {
					ByteBuffer buffer = ByteBuffer.allocateDirect(150 << 20);
					while (buffer.hasRemaining()) {
						buffer.put((byte) 1);
					}
					this.hoard.add(buffer);
				}
				case "flood" -> {
					Thread flood = new Thread(() -> {
						while (true) {
							System.out.println("a line that nobody wants to read");
							System.err.println("and another one");
						}
					});
					flood.setDaemon(true);
					flood.start();
				}
				case "print" -> {
					System.out.println("from standard output");
					System.err.println("from standard error");
				}
				case "nap" -> Thread.sleep(5);
				case "sleep" -> Thread.sleep(60_000);
				default -> {
				}
			}
			return ProcessHandle.current().pid();
		}

	}

	/** No unplanned end is allowed. */
	private static PoolOptions.Builder options() {
		return PoolOptions.builder()
			.name("busy")
			.jvmArgs(List.of("-XX:TieredStopAtLevel=1"))
			.restartIntensity(0)
			.closeWhenDone(false);
	}

	private static ProcessPool<String, Long> fork(int processes, PoolOptions.Builder options) throws Exception {
		ProcessPool<String, Long> pool = Vimap.forkIdentical(WorkerSpec.of(Busy.class), processes, options.build());
		assertThat(pool.awaitReady(PATIENCE)).isTrue();
		return pool;
	}

	private static long get(CompletableFuture<Long> future) throws Exception {
		return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private static List<String> inputs(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "input " + i).toList();
	}

	@Test
	void inputsThatAreWaitingOutliveTheWorkersLimit() throws Exception {
		try (ProcessPool<String, Long> pool = fork(2, options().maxTasksPerWorker(50).prefetch(8))) {
			List<InOut<String, Long>> results = pool.imap(inputs(600)).ordered().zipInOut().toList();
			assertThat(results).extracting(InOut::input).isEqualTo(inputs(600));
			Map<Long, Long> tasks = results.stream()
				.collect(Collectors.groupingBy(InOut::output, Collectors.counting()));
			assertThat(tasks.values()).allSatisfy((count) -> assertThat(count).isLessThanOrEqualTo(50));
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
			assertThat(pool.stats().exits()).isNotEmpty()
				.allSatisfy((exit) -> assertThat(exit.reason()).isEqualTo(ExitReason.RECYCLED))
				.allSatisfy((exit) -> assertThat(exit.detail()).contains("max-tasks-per-worker (50)"));
		}
	}

	/** Nothing that one task leaves in its process is seen by another. */
	@Test
	void eachTaskCanHaveAProcessOfItsOwn() throws Exception {
		try (ProcessPool<String, Long> pool = fork(2, options().maxTasksPerWorker(1).spares(1))) {
			assertThat(pool.imap(inputs(10)).outputs()).hasSize(10).doesNotHaveDuplicates();
		}
	}

	@Test
	void allSeatsAreServedWhileTheirWorkersAreReplaced() throws Exception {
		try (ProcessPool<String, Long> pool = fork(2, options())) {
			List<Long> before = pids(pool);
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Integer> fewest = CompletableFuture.supplyAsync(() -> {
				int least = Integer.MAX_VALUE;
				while (!done.get()) {
					least = Math.min(least, pool.stats().ready());
				}
				return least;
			});
			pool.recycle();
			while (pids(pool).stream().anyMatch(before::contains)) {
				assertThat(pool.imap(List.of("nap", "nap", "nap", "nap")).outputs()).hasSize(4);
			}
			done.set(true);
			assertThat(fewest.get(10, TimeUnit.SECONDS)).isEqualTo(2);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().exits().size() == 2);
			assertThat(pool.stats().exits()).extracting((exit) -> exit.reason()).containsOnly(ExitReason.RECYCLED);
		}
	}

	private static List<Long> pids(ProcessPool<String, Long> pool) {
		return pool.stats().workers().stream().map(WorkerInfo::pid).toList();
	}

	@Test
	void aWorkerThatIsNoLongerWantedIsSeenUntilItHasEndedAndCanBeKilled() throws Exception {
		try (ProcessPool<String, Long> pool = fork(2, options().restartIntensity(1))) {
			List<CompletableFuture<Long>> tasks = List.of(pool.submit("sleep"), pool.submit("sleep"));
			Awaitility.await().atMost(PATIENCE).until(() -> busy(pool) == 2);
			pool.resize(1);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().size() == 1);
			assertThat(pool.stats().workers()).extracting(WorkerInfo::index, WorkerInfo::state)
				.containsExactly(tuple(0, WorkerState.READY), tuple(1, WorkerState.DRAINING));
			assertThat(busy(pool)).isEqualTo(2);
			assertThat(pool.threadDump(1).get(10, TimeUnit.SECONDS)).contains(Busy.class.getName() + ".process");
			assertThatIllegalArgumentException().isThrownBy(() -> pool.recycle(1));
			pool.kill(1);
			assertThatThrownBy(() -> CompletableFuture.anyOf(tasks.get(0), tasks.get(1)).get(10, TimeUnit.SECONDS))
				.cause()
				.isInstanceOf(WorkerCrashedException.class)
				.hasMessageContaining("killed on request");
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().workers().size() == 1);
			assertThatIllegalArgumentException().isThrownBy(() -> pool.kill(1));
			tasks.forEach((task) -> task.cancel(true));
		}
	}

	@Test
	void aWorkerThatIsRecycledIsSeenUntilItHasEnded() throws Exception {
		try (ProcessPool<String, Long> pool = fork(1, options().restartIntensity(1))) {
			CompletableFuture<Long> task = pool.submit("sleep");
			Awaitility.await().atMost(PATIENCE).until(() -> busy(pool) == 1);
			pool.recycle();
			long successor = get(pool.submit("x"));
			assertThat(pids(pool)).hasSize(2).startsWith(successor);
			assertThat(pool.stats().workers()).extracting(WorkerInfo::index, WorkerInfo::incarnation, WorkerInfo::state)
				.containsExactly(tuple(0, 2, WorkerState.READY), tuple(0, 1, WorkerState.DRAINING));
			assertThat(pool.stats().ready()).isEqualTo(1);
			task.cancel(true);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().workers().size() == 1);
		}
	}

	private static long busy(ProcessPool<?, ?> pool) {
		return pool.stats().workers().stream().filter((worker) -> worker.currentTask() != null).count();
	}

	@Test
	void seatsComeAndGoUnderLoad() throws Exception {
		try (ProcessPool<String, Long> pool = fork(1, options())) {
			CompletableFuture<List<InOut<String, Long>>> results = CompletableFuture
				.supplyAsync(() -> pool.imap(inputs(100_000)).chunked(10).zipInOut().toList());
			for (int size : new int[] { 3, 1, 2, 4, 1 }) {
				pool.resize(size);
				Awaitility.await()
					.atMost(PATIENCE)
					.until(() -> pool.stats().size() == size && pool.stats().ready() == size);
			}
			assertThat(results.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).extracting(InOut::input)
				.containsExactlyInAnyOrderElementsOf(inputs(100_000));
			assertThat(pool.stats().exits()).extracting((exit) -> exit.reason()).containsOnly(ExitReason.REQUESTED);
		}
	}

	@Test
	void aWorkerThatHasGrownTooLargeIsReplaced() throws Exception {
		try (ProcessPool<String, Long> pool = fork(1, options().maxRss(180L << 20))) {
			long grown = get(pool.submit("grow"));
			Awaitility.await().atMost(PATIENCE).until(() -> !pool.stats().exits().isEmpty());
			assertThat(get(pool.submit("x"))).isNotEqualTo(grown);
			assertThat(pool.stats().exits()).singleElement().satisfies((exit) -> {
				assertThat(exit.reason()).isEqualTo(ExitReason.RECYCLED);
				assertThat(exit.detail()).contains("max-rss").contains("limit " + (180L << 20));
			});
		}
	}

	@Test
	void aMemoryLimitThatEveryWorkerBreaksIsRefused() {
		PoolOptions options = options().maxRss(5L << 20).build();
		try (ProcessPool<String, Long> pool = Vimap.forkIdentical(WorkerSpec.of(Busy.class), 2, options)) {
			assertThatThrownBy(() -> get(pool.submit("x"))).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("max-rss is 5242880 bytes")
				.hasMessageContaining("a fresh worker has");
		}
	}

	@Test
	void aFailedPoolCanBeResumed() throws Exception {
		Path bad = Files.createFile(this.directory.resolve("bad"));
		PoolOptions options = options().jvmArgs(List.of("-XX:TieredStopAtLevel=1", "-Dbad=" + bad)).build();
		try (ProcessPool<String, Long> pool = Vimap.forkIdentical(WorkerSpec.of(Busy.class), 2, options)) {
			assertThatThrownBy(() -> get(pool.submit("x"))).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("not yet");
			Files.delete(bad);
			pool.resume();
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			assertThat(get(pool.submit("x"))).isIn(pids(pool));
		}
	}

	@Test
	void aTaskThatWasKilledWithItsPoolIsToldSoHoweverSoonThatIsResumed() throws Exception {
		AtomicReference<ProcessPool<String, Long>> failed = new AtomicReference<>();
		PoolListener resuming = new PoolListener() {
			@Override
			public void onStateChange(String name, PoolState from, PoolState to) {
				if (to == PoolState.FAILED) {
					failed.get().resume();
				}
			}
		};
		try (ProcessPool<String, Long> pool = fork(2, options().retryMaxAttempts(2).listeners(List.of(resuming)))) {
			failed.set(pool);
			CompletableFuture<Long> task = pool.submit("sleep");
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().inFlight() == 1);
			boolean first = pool.stats().workers().get(0).currentTask() != null;
			pool.kill(first ? 1 : 0);
			assertThatThrownBy(() -> get(task)).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("restart.intensity");
			assertThat(get(pool.submit("x"))).isIn(pids(pool));
		}
	}

	@Test
	void workersWhoseSuccessorsCannotStartWorkOn() throws Exception {
		Path bad = this.directory.resolve("bad");
		PoolOptions options = options().restartIntensity(1)
			.jvmArgs(List.of("-XX:TieredStopAtLevel=1", "-Dbad=" + bad))
			.build();
		try (ProcessPool<String, Long> pool = Vimap.forkIdentical(WorkerSpec.of(Busy.class), 1, options)) {
			long old = get(pool.submit("x"));
			Files.createFile(bad);
			pool.recycle();
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().exits().size() >= 3);
			assertThat(get(pool.submit("x"))).isEqualTo(old);
			Files.delete(bad);
			Awaitility.await().atMost(PATIENCE).until(() -> get(pool.submit("x")) != old);
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
		}
	}

	@Test
	void aPausedPoolBeginsNothing() throws Exception {
		try (ProcessPool<String, Long> pool = fork(1, options())) {
			pool.pause();
			CompletableFuture<Long> waiting = pool.submit("x");
			assertThat(pool.stats().paused()).isTrue();
			assertThat(pool.stats().queueDepth()).isEqualTo(1);
			assertThat(pool.stats().inFlight()).isZero();
			pool.resume();
			assertThat(get(waiting)).isIn(pids(pool));
		}
	}

	@Test
	void aSpareTakesTheSeatOfAKilledWorker() throws Exception {
		try (ProcessPool<String, Long> pool = fork(1, options().spares(1).restartIntensity(1))) {
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().spares() == 1);
			List<Long> children = ProcessHandle.current().children().map(ProcessHandle::pid).toList();
			long killed = get(pool.submit("x"));
			pool.kill(0);
			Awaitility.await().atMost(PATIENCE).until(() -> !pids(pool).contains(killed) && pool.stats().ready() == 1);
			assertThat(get(pool.submit("x"))).isNotEqualTo(killed).isIn(children);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().spares() == 1);
		}
	}

	@Test
	void aFloodThatNeverEndsHoldsNobodyUp() throws Exception {
		ProcessPool<String, Long> pool = fork(1, options());
		long flooding = get(pool.submit("flood"));
		for (int i = 0; i < 200; i++) {
			assertThat(pool.submit("x").get(10, TimeUnit.SECONDS)).isEqualTo(flooding);
		}
		long begin = System.nanoTime();
		pool.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
	}

	@Test
	void linesGoToTheLoggerOfTheirWorker() throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("vimap.busy.0");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try (ProcessPool<String, Long> pool = fork(1, options())) {
			get(pool.submit("print"));
			Map<String, Level> expected = new HashMap<>();
			expected.put("from standard output", Level.INFO);
			expected.put("from standard error", Level.WARN);
			Function<ILoggingEvent, Level> level = ILoggingEvent::getLevel;
			Awaitility.await()
				.until(() -> List.copyOf(log.list)
					.stream()
					.collect(Collectors.toMap(ILoggingEvent::getFormattedMessage, level))
					.equals(expected));
		}
		finally {
			logger.detachAppender(log);
		}
	}

}
