package io.vimap.ext;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.vimap.pool.InOut;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.Progress;
import io.vimap.pool.TaskResult;
import io.vimap.testing.SerialPools;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FileRunnerTests {

	private static final PoolOptions SERIAL = PoolOptions.builder().mode(PoolMode.SERIAL).build();

	@TempDir
	Path directory;

	@BeforeEach
	void makeFiles() throws IOException {
		Files.createDirectories(this.directory.resolve("sub/deep"));
		for (String name : List.of("a.txt", "b.txt", "c.csv", "sub/d.txt", "sub/deep/e.txt")) {
			Files.writeString(this.directory.resolve(name), "content of " + name);
		}
	}

	@ParameterizedTest
	@CsvSource({ "*,a.txt b.txt c.csv", "*.txt,a.txt b.txt", "**.txt,a.txt b.txt sub/d.txt sub/deep/e.txt",
			"**/*.txt,a.txt b.txt sub/d.txt sub/deep/e.txt", "sub/*.txt,sub/d.txt", "sub/**,sub/d.txt sub/deep/e.txt",
			"*.none,''" })
	void globFindsFiles(String glob, String expected) {
		try (Stream<Path> files = FileRunner.in(this.directory).glob(glob).files()) {
			assertThat(files.map((file) -> this.directory.relativize(file).toString()).sorted())
				.containsExactly(expected.isEmpty() ? new String[0] : expected.split(" "));
		}
	}

	@Test
	void eachFileIsOneInput() {
		List<Progress> progress = new ArrayList<>();
		try (Stream<InOut<Path, Long>> sizes = FileRunner.in(this.directory)
			.glob("*.txt")
			.onProgress(Duration.ZERO, progress::add)
			.map(Files::size, 2, SERIAL)) {
			assertThat(sizes).containsExactlyInAnyOrder(new InOut<>(this.directory.resolve("a.txt"), 16L),
					new InOut<>(this.directory.resolve("b.txt"), 16L));
		}
		assertThat(progress).last().satisfies((last) -> assertThat(last.finished()).isEqualTo(2));
	}

	@Test
	void aPoolOfTheCallersStaysOpen() {
		try (ProcessPool<String, String> pool = SerialPools
			.of(WorkerSpec.<String, String>function((name) -> Files.readString(Path.of(name))))) {
			try (Stream<InOut<Path, String>> contents = FileRunner.in(this.directory).map(pool)) {
				assertThat(contents.map(InOut::output)).hasSize(3).contains("content of c.csv");
			}
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
		}
	}

	@Test
	void aFileThatFailsCanBeAValue() {
		try (ProcessPool<String, String> pool = SerialPools.of(WorkerSpec.<String, String>function((name) -> {
			throw new IOException("can't read " + Path.of(name).getFileName());
		})); Stream<TaskResult<String, String>> results = FileRunner.in(this.directory).glob("a.*").mapTyp(pool)) {
			assertThat(results).singleElement()
				.isInstanceOfSatisfying(TaskResult.Failure.class,
						(failure) -> assertThat(failure.exception().value()).hasMessage("can't read a.txt"));
		}
	}

	@Test
	void aMissingDirectoryIsNamed() {
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> FileRunner.in(this.directory.resolve("none")).files())
			.withMessageContaining("none");
	}

	@Test
	void aLinkToADirectoryIsListedUnderItsOwnName() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("current"), this.directory.resolve("sub"));
		try (Stream<Path> files = FileRunner.in(link).glob("**.txt").files()) {
			assertThat(files).containsExactlyInAnyOrder(link.resolve("d.txt"), link.resolve("deep/e.txt"));
		}
	}

	@Test
	void aFileIsNoDirectory() {
		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> FileRunner.in(this.directory.resolve("a.txt")).files())
			.withMessageContaining("NotDirectory")
			.withMessageContaining("a.txt");
	}

	@Test
	void progressMustBeReportedForwards() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> FileRunner.in(this.directory).onProgress(Duration.ofSeconds(-1), (progress) -> {
			}))
			.withMessageContaining("PT-1S");
	}

}
