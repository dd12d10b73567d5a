package io.vimap.crash;

import java.io.ByteArrayInputStream;
import java.lang.reflect.Field;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.vimap.LinuxProcess;
import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a worker leaves when it ends, and when it ends while it is being ended.
 */
@ExtendWith(LeakCheck.class)
class LastWordsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	static class Departing implements Worker<String, String> {

		@Override
		public String process(String input) throws Exception {
			switch (input) {
				case "later" -> {
					Thread.sleep(1500);
					System.err.println("these are my last words");
					System.exit(5);
				}
				case "loop" -> Fault.LOOP.happen();
				case "segfault" -> dereferenceNull();
				case "orphan" -> {
					System.err.println("orphan " + new ProcessBuilder("sleep", "600").start().pid());
					Runtime.getRuntime().halt(6);
				}
				case "exit" -> {
					Runtime.getRuntime().addShutdownHook(new Thread(Fault.LOOP::happen));
					System.exit(5);
				}
				case "hook" -> Runtime.getRuntime().addShutdownHook(new Thread(Fault.LOOP::happen));
				case "thread" -> new Thread(Fault.LOOP::happen, "not a daemon").start();
				default -> {
				}
			}
			return input;
		}

		private static void dereferenceNull() throws Exception {
			Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
			field.setAccessible(true);
			Object unsafe = field.get(null);
			unsafe.getClass().getMethod("putLong", long.class, long.class).invoke(unsafe, 0L, 0L);
		}

	}

	private static PoolOptions.Builder options() {
		return PoolOptions.builder()
			.name("departing")
			.jvmArgs(List.of("-XX:TieredStopAtLevel=1"))
			.killGrace(Duration.ofMillis(300))
			.restartBackoff(Duration.ofMillis(10));
	}

	private static ProcessPool<String, String> fork(int processes, PoolOptions.Builder options) throws Exception {
		ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Departing.class), processes,
				options.build());
		assertThat(pool.awaitReady(PATIENCE)).isTrue();
		return pool;
	}

	private static String get(CompletableFuture<String> future) throws Exception {
		return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	private static WorkerCrashedException crashOf(CompletableFuture<String> future) throws Exception {
		Throwable failure = future.handle((output, thrown) -> thrown).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		assertThat(failure).isInstanceOf(WorkerCrashedException.class);
		return (WorkerCrashedException) failure;
	}

	@Test
	void aCrashOfARetiringWorkerIsACrash() throws Exception {
		try (ProcessPool<String, String> pool = fork(2, options())) {
			List<CompletableFuture<String>> culprits = List.of(pool.submit("later"), pool.submit("later"));
			Awaitility.await().until(() -> pool.stats().inFlight() == 2);
			pool.resize(1);
			for (CompletableFuture<String> culprit : culprits) {
				WorkerCrashedException crash = crashOf(culprit);
				assertThat(crash.exit().reason()).isEqualTo(ExitReason.CRASHED);
				assertThat(crash.exit().status()).isEqualTo("exit code 5");
				assertThat(crash.exit().lastOutput()).contains("these are my last words");
				assertThat(crash).hasMessageContaining("these are my last words");
			}
			assertThat(get(pool.submit("x"))).isEqualTo("x");
			assertThat(pool.stats().size()).isEqualTo(1);
		}
	}

	/** Nothing else would end such a task, which has no timeout. */
	@Test
	void anExitThatAShutdownHookHoldsUpIsACrash() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().cleanupTimeout(Duration.ofMillis(500)))) {
			CompletableFuture<String> culprit = pool.submit("exit");
			CompletableFuture<String> next = pool.submit("x");
			WorkerCrashedException crash = crashOf(culprit);
			assertThat(crash.exit().reason()).isEqualTo(ExitReason.CRASHED);
			assertThat(crash).hasMessageContaining("it called System.exit, and its shutdown hooks")
				.hasMessageContaining("cleanup-timeout (500 ms)");
			assertThat(get(next)).isEqualTo("x");
		}
	}

	@Test
	void aShutdownHookThatHangsIsNotTakenForTheCleanup() throws Exception {
		ProcessPool<String, String> pool = fork(1, options().cleanupTimeout(Duration.ofMillis(500)));
		assertThat(get(pool.submit("hook"))).isEqualTo("hook");
		pool.close();
		assertThat(pool.stats().exits()).singleElement()
			.satisfies((exit) -> assertThat(exit.explanation()).contains("REQUESTED")
				.contains("the shutdown hooks of worker 0")
				.doesNotContain("the cleanup of"));
	}

	@Test
	void aTimeoutOfARetiringWorkerIsATimeout() throws Exception {
		try (ProcessPool<String, String> pool = fork(2, options().taskTimeout(Duration.ofSeconds(1)))) {
			List<CompletableFuture<String>> culprits = List.of(pool.submit("loop"), pool.submit("loop"));
			Awaitility.await().until(() -> pool.stats().inFlight() == 2);
			pool.resize(1);
			for (CompletableFuture<String> culprit : culprits) {
				assertThatThrownBy(() -> get(culprit)).cause().isInstanceOf(TaskTimeoutException.class);
			}
			assertThat(get(pool.submit("x"))).isEqualTo("x");
			assertThat(pool.stats().exits()).hasSize(2)
				.allSatisfy((exit) -> assertThat(exit.reason()).isEqualTo(ExitReason.TASK_TIMEOUT));
		}
	}

	@Test
	void aRetiringWorkerThatDrainsIsNoFailure() throws Exception {
		try (ProcessPool<String, String> pool = fork(2, options().restartIntensity(0))) {
			pool.resize(1);
			Awaitility.await().until(() -> pool.stats().exits().size() == 1);
			pool.recycle();
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().exits().size() == 2);
			assertThat(pool.stats().exits()).extracting((exit) -> exit.reason())
				.containsExactly(ExitReason.REQUESTED, ExitReason.RECYCLED);
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
			assertThat(get(pool.submit("x"))).isEqualTo("x");
		}
	}

	@Test
	void aNativeCrashIsExplained() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options())) {
			WorkerCrashedException crash = crashOf(pool.submit("segfault"));
			assertThat(crash.exit().signal()).isEqualTo("SIGABRT");
			assertThat(crash.exit().errorFile()).isNotNull();
			assertThat(crash).hasMessageContaining("SIGSEGV").hasMessageContaining("fatal error log");
			Path log = Path.of(crash.exit().errorFile());
			assertThat(Files.readString(log)).contains("dereferenceNull");
			assertThat(get(pool.submit("x"))).isEqualTo("x");
			// Kept for people, and not in the pool's directory.
			Files.delete(log);
			Files.delete(log.getParent());
		}
	}

	@Test
	void grandchildrenDoNotOutliveTheirWorker() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options())) {
			WorkerCrashedException crash = crashOf(pool.submit("orphan"));
			long orphan = crash.exit()
				.lastOutput()
				.stream()
				.filter((line) -> line.startsWith("orphan "))
				.mapToLong((line) -> Long.parseLong(line.substring("orphan ".length())))
				.findFirst()
				.orElseThrow();
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !LinuxProcess.isAlive(orphan));
		}
	}

	@Test
	void aThreadOfTheWorkersDoesNotKeepItAlive() throws Exception {
		ProcessPool<String, String> pool = fork(1, options().cleanupTimeout(Duration.ofSeconds(60)));
		assertThat(get(pool.submit("thread"))).isEqualTo("thread");
		long begin = System.nanoTime();
		pool.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
	}

	@Test
	void whatTheLauncherRefusesMakesThePoolFail() {
		Path inNoDirectory = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/");
		PoolOptions options = options().workingDirectory(inNoDirectory).restartIntensity(1).build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Departing.class), 1, options)) {
			assertThatThrownBy(() -> get(pool.submit("x"))).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("UnsupportedOperationException");
		}
	}

	@Test
	void aDirectoryThatCanNotBeMadeAgainIsNamedForWhatItIs() throws Exception {
		PoolOptions options = options().restartIntensity(1).build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Departing.class), 1, options)) {
			Path directory = Path.of(pool.share(new ByteArrayInputStream(new byte[1])).path()).getParent();
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			try (Stream<Path> files = Files.walk(directory)) {
				for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
					Files.delete(file);
				}
			}
			Files.createFile(directory);
			pool.kill(0);
			Awaitility.await().atMost(PATIENCE).until(() -> pool.state() == PoolState.FAILED);
			assertThat(pool.stats().exits()).last()
				.satisfies((exit) -> assertThat(exit.explanation()).contains("FileSystemException",
						directory.toString(), "Not a directory"));
		}
	}

}
