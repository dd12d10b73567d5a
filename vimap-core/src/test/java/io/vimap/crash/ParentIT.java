package io.vimap.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.LinuxProcess;
import io.vimap.Vimap;
import io.vimap.crash.ParentMain.Doing;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left when a program with a pool is ended, and when pools come and go.
 */
@ExtendWith(LeakCheck.class)
class ParentIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** What is promised. */
	private static final Duration GONE = Duration.ofSeconds(1);

	@TempDir
	Path directory;

	private Process start(List<String> prefix, List<String> options, String... args) throws IOException {
		List<String> command = new ArrayList<>(prefix);
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-Djava.io.tmpdir=" + temporary(), "-cp", System.getProperty("java.class.path"),
				ParentMain.class.getName()));
		command.addAll(Arrays.asList(args));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output").toFile())
			.start();
	}

	private Path temporary() throws IOException {
		return Files.createDirectories(this.directory.resolve("t"));
	}

	private List<Long> reported() throws IOException {
		try {
			return Files.readAllLines(this.directory.resolve("pids")).stream().map(Long::valueOf).distinct().toList();
		}
		catch (NoSuchFileException ex) {
			return List.of();
		}
	}

	/** What the parent has printed. */
	private String output() {
		try {
			return Files.readString(this.directory.resolve("output"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private void awaitGone(List<Long> pids, Duration atMost) {
		long begin = System.nanoTime();
		Awaitility.await()
			.atMost(atMost)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> pids.stream().noneMatch(LinuxProcess::isAlive));
		System.out.println("gone after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
	}

	@ParameterizedTest
	@EnumSource
	void childrenOfAKilledParentAreGone(Doing doing) throws Exception {
		if (doing == Doing.READ_FIFO) {
			new ProcessBuilder("mkfifo", this.directory.resolve("fifo").toString()).start().waitFor();
		}
		Process parent = start(List.of(), List.of(), doing.name(), this.directory.toString());
		try {
			int expected = (doing == Doing.GRANDCHILD) ? 4 : 2;
			Awaitility.await()
				.atMost(PATIENCE)
				.untilAsserted(() -> assertThat(reported()).as(this::output).hasSize(expected));
			// So that loops are compiled.
			TimeUnit.MILLISECONDS.sleep(500);
		}
		finally {
			parent.destroyForcibly().waitFor();
		}
		awaitGone(reported(), GONE);
		assertThat(poolDirectories()).as("removed by the children").isEmpty();
	}

	private List<Path> poolDirectories() throws IOException {
		try (Stream<Path> files = Files.list(temporary())) {
			return files.filter((file) -> file.getFileName().toString().startsWith("vimap-")).toList();
		}
	}

	@Test
	void whatChildrenThatAreKilledTooCannotRemoveTheNextPoolDoes() throws Exception {
		Process dead = start(List.of(), List.of(), Doing.SLEEP.name(), this.directory.toString());
		Awaitility.await().atMost(PATIENCE).until(() -> reported().size() == 2);
		List<Long> deadChildren = reported();
		Path left = poolDirectories().get(0);
		Process living = start(List.of(), List.of(), Doing.SLEEP.name(), this.directory.toString());
		try {
			Awaitility.await().atMost(PATIENCE).until(() -> reported().size() == 4);
			deadChildren.forEach(Fault::stop);
			dead.destroyForcibly().waitFor();
			deadChildren.forEach((pid) -> Fault.signal("KILL", pid));
			awaitGone(deadChildren, PATIENCE);
			assertThat(poolDirectories()).hasSize(2).contains(left);
			String before = System.setProperty("java.io.tmpdir", temporary().toString());
			try (ProcessPool<String, String> next = Vimap
				.forkIdentical(WorkerSpec.<String, String>function((input) -> input), 1)) {
				assertThat(next.awaitReady(PATIENCE)).isTrue();
				Awaitility.await().atMost(PATIENCE).until(() -> !Files.exists(left));
				assertThat(poolDirectories()).as("the living one's and its own").hasSize(2);
			}
			finally {
				System.setProperty("java.io.tmpdir", before);
			}
			assertThat(reported()).filteredOn(LinuxProcess::isAlive).hasSize(2);
			assertThat(poolDirectories()).hasSize(1);
		}
		finally {
			living.destroyForcibly().waitFor();
			dead.destroyForcibly();
		}
		awaitGone(reported(), GONE);
		assertThat(poolDirectories()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "TERM, 143", "INT, 130" })
	void aSignalToTheGroupIsTheParentsBusiness(String signal, int exitCode) throws Exception {
		// Where these tests run in the background, SIGINT may be ignored, and that is
		// inherited.
		Process parent = start(List.of("setsid", "env", "--default-signal=INT,TERM"), List.of(), "naps",
				this.directory.toString());
		try {
			Awaitility.await().atMost(PATIENCE).until(() -> reported().size() == 2);
			new ProcessBuilder("kill", "-" + signal, "--", "-" + parent.pid()).start().waitFor();
			assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		finally {
			parent.destroyForcibly().waitFor();
		}
		assertThat(parent.exitValue()).isEqualTo(exitCode);
		assertThat(Files.readAllLines(this.directory.resolve("naps")))
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 8).mapToObj((i) -> "nap " + i).toList());
		awaitGone(reported(), GONE);
		try (Stream<Path> left = Files.list(temporary())) {
			assertThat(
					left.map((file) -> file.getFileName().toString()).filter((name) -> !name.startsWith("hsperfdata")))
				.isEmpty();
		}
	}

	@Test
	void poolsComeAndGo() throws Exception {
		openAndClose(20);
	}

	/** {@code mvn -Dsoak -Dit.test=ParentIT verify} */
	@Test
	@Tag("soak")
	@Timeout(value = 15, unit = TimeUnit.MINUTES)
	void manyPoolsComeAndGo() throws Exception {
		openAndClose(200);
	}

	/** The check for leaks after each test does the rest. */
	private static void openAndClose(int cycles) throws Exception {
		PoolOptions options = PoolOptions.builder().name("cycle").jvmArgs(List.of("-XX:TieredStopAtLevel=1")).build();
		int before = descriptors();
		int most = 0;
		for (int i = 0; i < cycles; i++) {
			try (ProcessPool<Integer, Integer> pool = Vimap
				.forkIdentical(WorkerSpec.<Integer, Integer>function((input) -> input + 1), 1, options)) {
				assertThat(pool.submit(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(i + 1);
			}
			most = Math.max(most, descriptors());
		}
		assertThat(most).isLessThan(before + 25);
	}

	private static int descriptors() throws IOException {
		try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
			return (int) all.count();
		}
	}

	@Test
	void aStreamNeedsNoMoreMemoryThanItsWindow() throws Exception {
		streamThrough(1_000_000);
	}

	/** {@code mvn -Dsoak -Dit.test=ParentIT verify} */
	@Test
	@Tag("soak")
	@Timeout(value = 15, unit = TimeUnit.MINUTES)
	void aLongStreamNeedsNoMoreMemoryEither() throws Exception {
		streamThrough(10_000_000);
	}

	private void streamThrough(long count) throws Exception {
		long begin = System.nanoTime();
		Process parent = start(List.of(), List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"), "stream",
				this.directory.toString(), Long.toString(count));
		try {
			assertThat(parent.waitFor(10, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			parent.destroyForcibly();
		}
		System.out.println(count + " inputs took " + (System.nanoTime() - begin) / 1_000_000 + " ms");
		assertThat(Files.readString(this.directory.resolve("output"))).contains("sum " + count * (count + 1) / 2);
		assertThat(parent.exitValue()).isZero();
	}

}
