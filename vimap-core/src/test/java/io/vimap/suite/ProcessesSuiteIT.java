package io.vimap.suite;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerInfo;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * vimap's suite: processes, many of them, and what they leave behind: nothing.
 */
class ProcessesSuiteIT {

	@Test
	void aPoolThatIsNeverUsedClosesWithoutWaiting() {
		ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(1, 2, 3),
				SuiteWorkers.options(PoolMode.FORKED).build());
		long begin = System.nanoTime();
		pool.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
	}

	/** Nobody polls: two looks, two seconds apart, find no thread that has been woken. */
	@Test
	@EnabledOnOs(OS.LINUX)
	void anIdlePoolWakesNoThread() {
		PoolOptions options = SuiteWorkers.options(PoolMode.FORKED)
			.name("idle")
			.taskTimeout(Duration.ofHours(1))
			.maxLifetime(Duration.ofHours(1))
			.spares(1)
			.closeWhenDone(false)
			.build();
		try (ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(1, 2), options)) {
			pool.imap(IntStream.range(0, 1000).boxed().toList()).blockIgnoreOutput();
			AtomicReference<Map<String, String>> before = new AtomicReference<>(Map.of());
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofSeconds(2))
				.atMost(Duration.ofMinutes(1))
				.untilAsserted(() -> {
					Map<String, String> now = wakeUps("vimap-idle-s", "vimap-worker", "vimap-control");
					assertThat(now).hasSizeGreaterThan(4).isEqualTo(before.getAndSet(now));
				});
		}
	}

	/**
	 * How often the threads of these names have waited, in this process and its children.
	 */
	private static Map<String, String> wakeUps(String... names) throws IOException {
		Map<String, String> found = new TreeMap<>();
		List<ProcessHandle> processes = Stream
			.concat(Stream.of(ProcessHandle.current()), ProcessHandle.current().children())
			.toList();
		for (ProcessHandle process : processes) {
			try (DirectoryStream<Path> threads = Files
				.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
				for (Path thread : threads) {
					String name = Files.readString(thread.resolve("comm"));
					if (Stream.of(names).anyMatch(name::startsWith)) {
						found.put(thread + " " + name.strip(),
								Files.readString(thread.resolve("status"))
									.replaceAll("(?s).*\\nvoluntary", "")
									.strip());
					}
				}
			}
		}
		return found;
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void moreWorkersThanInputs(PoolMode mode) {
		ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(1, 1, 1),
				SuiteWorkers.options(mode).build());
		assertThat(pool.imap(List.of(4, 5)).zipInOut()).containsExactlyInAnyOrder(new InOut<>(4, 5), new InOut<>(5, 6));
	}

	/** Closes its standard streams, or the descriptors themselves. */
	static class Closer implements Worker<Integer, Integer> {

		@Override
		public void init(WorkerContext context) throws IOException {
			System.out.println("the last words");
			System.in.close();
			System.out.close();
			System.err.close();
		}

		@Override
		public Integer process(Integer input) throws IOException {
			System.out.println("not heard");
			System.err.println("nor this");
			assertThat(System.in.getClass()).isNotNull();
			return input + 1;
		}

	}

	@Test
	void aWorkerMayCloseItsStandardStreams() {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Closer.class), 2,
				SuiteWorkers.options(PoolMode.FORKED).build());
		assertThat(pool.imap(IntStream.range(0, 100).boxed()).ordered().outputs())
			.isEqualTo(IntStream.rangeClosed(1, 100).boxed().toList());
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void nothingIsLeftOpen() {
		use();
		Runtime.getRuntime().gc();
		int descriptors = descriptors();
		int threads = threads();
		for (int i = 0; i < 5; i++) {
			use();
		}
		Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
			assertThat(descriptors()).isLessThanOrEqualTo(descriptors);
			assertThat(threads()).isLessThanOrEqualTo(threads);
		});
		assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
	}

	private static void use() {
		Vimap.fork(SuiteWorkers.adders(1), SuiteWorkers.options(PoolMode.FORKED).build())
			.imap(List.of(1, 2, 3))
			.blockIgnoreOutput();
	}

	private static int descriptors() {
		String[] names = new File("/proc/self/fd").list();
		return (names != null) ? names.length : 0;
	}

	private static int threads() {
		return (int) Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("vimap-"))
			.count();
	}

	@Test
	@Timeout(value = 110, unit = TimeUnit.SECONDS)
	void seventyProcesses() throws Exception {
		bigFork(70);
	}

	@Test
	@Tag("soak")
	@Timeout(value = 10, unit = TimeUnit.MINUTES)
	void twoHundredProcesses() throws Exception {
		bigFork(200);
	}

	/** All sleep at the same time: together they take little longer than one. */
	private static void bigFork(int processes) throws Exception {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Sleeper.class),
				processes,
				SuiteWorkers.options(PoolMode.FORKED)
					.startTimeout(Duration.ofMinutes(5))
					.initTimeout(Duration.ofMinutes(5))
					.closeWhenDone(false)
					.build())) {
			assertThat(pool.awaitReady(Duration.ofMinutes(8))).isTrue();
			assertThat(pool.stats().workers().stream().map(WorkerInfo::pid).distinct()).hasSize(processes);
			for (int round = 0; round < 3; round++) {
				long begin = System.nanoTime();
				List<Integer> indexes = pool.imap(Stream.generate(() -> 1000).limit(processes)).outputs().toList();
				Duration took = Duration.ofNanos(System.nanoTime() - begin);
				assertThat(indexes).hasSize(processes);
				if (round == 2) {
					assertThat(indexes.stream().distinct()).hasSize(processes);
					assertThat(took).isLessThan(Duration.ofMillis(2000));
				}
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "1", "5" })
	void poolsMayLiveSideBySide(int pools) {
		List<ProcessPool<Integer, Integer>> all = IntStream.range(0, pools)
			.mapToObj((i) -> Vimap.fork(SuiteWorkers.adders(i),
					SuiteWorkers.options(PoolMode.FORKED).name("side-" + i).build()))
			.toList();
		for (int i = 0; i < pools; i++) {
			assertThat(all.get(i).imap(List.of(10)).outputs()).containsExactly(10 + i);
		}
	}

}
