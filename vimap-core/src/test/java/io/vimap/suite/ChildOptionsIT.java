package io.vimap.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vimap.Vimap;
import io.vimap.pool.OutputMode;
import io.vimap.pool.PoolMode;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Options of the child's process, as a worker and its caller see them.
 */
class ChildOptionsIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@Test
	void outputThatIsDiscardedIsNotLoggedButTellsOfACrash() {
		Logger logger = (Logger) LoggerFactory.getLogger("vimap.suite");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		WorkerSpec<Integer, Integer> talker = WorkerSpec.function((code) -> {
			System.out.println("to standard output");
			System.err.println("to standard error");
			Runtime.getRuntime().halt(code);
			return code;
		});
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(talker, 1,
				SuiteWorkers.options(PoolMode.FORKED).output(OutputMode.DISCARD).build())) {
			assertThatThrownBy(() -> pool.submit(3).get()).cause()
				.isInstanceOfSatisfying(WorkerCrashedException.class, (crash) -> {
					assertThat(crash.exit().status()).isEqualTo("exit code 3");
					assertThat(crash.exit().lastOutput()).containsExactly("to standard error");
				});
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).isEmpty();
	}

	@Test
	void aJavaWithoutTheModuleForSignalsIsToldOnceAndByItsName() {
		WorkerSpec<Integer, Integer> halting = WorkerSpec.function((code) -> {
			Runtime.getRuntime().halt(code);
			return code;
		});
		// What the smallest runtime image has that jlink makes and Jackson works on.
		List<String> modules = List.of("--limit-modules", "java.base,java.xml");
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(halting, 1,
				SuiteWorkers.options(PoolMode.FORKED).jvmArgs(modules).build())) {
			assertThatThrownBy(() -> pool.submit(3).get()).cause()
				.isInstanceOfSatisfying(WorkerCrashedException.class,
						(crash) -> assertThat(crash.exit().lastOutput()).singleElement()
							.asString()
							.contains("SIGINT, SIGTERM and SIGHUP")
							.contains("jlink --add-modules jdk.unsupported"));
		}
	}

	@Test
	void aChildCanRunOnAnotherJava() throws Exception {
		Optional<Path> other = otherJava();
		Assumptions.assumeTrue(other.isPresent(), "there is no Java of another version beside java.home");
		WorkerSpec<String, String> property = WorkerSpec
			.of((context) -> (String name) -> System.getProperty(name) + " " + Runtime.version().feature());
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(property.types(String.class, String.class), 1,
				SuiteWorkers.options(PoolMode.FORKED).javaHome(other.get()).build())) {
			assertThat(pool.submit("java.home")).succeedsWithin(PATIENCE)
				.isEqualTo(other.get() + " " + featureOf(other.get()));
			assertThat(pool.imap(List.of("a", "b")).ordered().outputs()).hasSize(2);
		}
	}

	/** A Java 17 or later, but not this one, where the system keeps this one. */
	private static Optional<Path> otherJava() throws IOException {
		Path own = Path.of(System.getProperty("java.home")).toRealPath();
		try (Stream<Path> siblings = Files.list(own.getParent())) {
			return siblings.filter((home) -> Files.isExecutable(home.resolve("bin").resolve("java")))
				.filter((home) -> featureOf(home) >= 17 && featureOf(home) != Runtime.version().feature())
				.findFirst();
		}
	}

	/** As its file {@code release} says, 0 if there is none. */
	private static int featureOf(Path home) {
		try (Stream<String> lines = Files.lines(home.resolve("release"))) {
			return lines.filter((line) -> line.startsWith("JAVA_VERSION="))
				.map((line) -> Runtime.Version.parse(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))))
				.map(Runtime.Version::feature)
				.findFirst()
				.orElse(0);
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
