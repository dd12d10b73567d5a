package io.vimap.crash;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What a caller reads about a worker that can't start.
 */
@ExtendWith(LeakCheck.class)
class StartFailuresIT {

	private static final String PREFIX = "#!/bin/sh\nexec \"$@\"";

	record Args(int number) {
	}

	static class Bound implements Worker<Integer, Integer> {

		Bound(Args args) {
		}

		@Override
		public Integer process(Integer input) {
			return input;
		}

	}

	static class Unlicensed implements Worker<Integer, Integer> {

		Unlicensed() {
			throw new IllegalStateException("no licence");
		}

		@Override
		public Integer process(Integer input) {
			return input;
		}

	}

	private static PoolOptions.Builder options() {
		return PoolOptions.builder().name("try").restartIntensity(0);
	}

	private static String failure(WorkerSpec<Integer, Integer> worker, PoolOptions options) {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(worker, 1, options)) {
			return catchThrowableOfType(PoolFailedException.class, () -> pool.awaitReady(Duration.ofSeconds(60)))
				.getMessage();
		}
	}

	@Test
	void whatTheJvmSaysOfItsOptions() {
		assertThat(failure(WorkerSpec.of(Bound.class), options().jvmArgs(List.of("-Xmx1")).build()))
			.contains("it ended before it connected", "Error occurred during initialization of VM");
	}

	@Test
	void whichClassIsNotOnTheClassPath() throws URISyntaxException {
		List<String> engineOnly = List
			.of(Path.of(Vimap.class.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
		PoolOptions options = options().classPath(engineOnly).build();
		assertThat(failure(WorkerSpec.of(Bound.class), options))
			.contains(Bound.class.getName() + " is not on the class path of the worker's process");
		assertThat(failure(WorkerSpec.function((input) -> input), options))
			.contains(StartFailuresIT.class.getName() + " is not on the class path of the worker's process");
	}

	@Test
	void thatAProgramOfOneSourceFileHasToBeCompiled(@TempDir Path directory) throws Exception {
		Path source = directory.resolve("Shout.java");
		Files.writeString(source,
				"""
						import java.util.List;
						import io.vimap.Vimap;

						class Shout {

							public static void main(String[] args) {
								Vimap.imapOrdered((String word) -> word.toUpperCase(), List.of("ape")).forEach(System.out::println);
							}

						}
						""");
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		Process program = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), source.toString())
			.redirectErrorStream(true)
			.start();
		String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(program.waitFor()).isOne();
		assertThat(output).contains("Shout is not on the class path of the worker's process",
				"'java File.java' and JShell keep classes in memory: compile them");
	}

	@Test
	void whichInitArgDoesNotFit() {
		assertThat(failure(WorkerSpec.of(Bound.class).initArgs(Map.of("number", "nine")), options().build())).contains(
				"The init args of worker 0 of pool 'try' don't fit " + Args.class.getName(), "[\"number\"]", "nine");
	}

	@Test
	void thatThereAreNoInitArgs() {
		assertThat(failure(WorkerSpec.of(Bound.class), options().build()))
			.contains("There are no init args for worker 0 of pool 'try'", Args.class.getName());
	}

	@Test
	void theSameCauseOnlyOnce() {
		assertThat(failure(WorkerSpec.of(Unlicensed.class),
				options().restartIntensity(2).restartBackoff(Duration.ZERO).build()))
			.containsOnlyOnce("no licence")
			.contains("incarnation 2", "incarnation 3");
	}

	static Stream<Arguments> unusableCommands() {
		Path none = Path.of("/nosuch");
		Path file = Path.of(System.getProperty("java.home"), "release");
		Path directory = file.getParent();
		return Stream.of(
				arguments(options().javaHome(none),
						none.resolve("bin").resolve("java") + " does not exist: 'java-home' must name the directory"),
				arguments(options().javaHome(file), file.resolve("bin").resolve("java") + " does not exist"),
				arguments(options().commandPrefix(List.of("nosuchcommand", "-n")),
						"'command-prefix' begins with 'nosuchcommand', which is no program in the PATH of this process ("
								+ System.getenv("PATH") + "): it must begin with a program that this user may execute"),
				arguments(options().commandPrefix(List.of("/nosuch/nice")),
						"'command-prefix' begins with /nosuch/nice, which does not exist: it must begin with"),
				arguments(options().commandPrefix(List.of(file.toString())),
						file + ", which may not be executed by this user"),
				arguments(options().commandPrefix(List.of(directory.toString())), directory + ", which is a directory"),
				arguments(options().workingDirectory(directory).commandPrefix(List.of("./nosuch")),
						directory.resolve("./nosuch") + ", which does not exist"),
				arguments(options().workingDirectory(none),
						"'working-directory' is /nosuch, which does not exist: it must name a directory that exists"),
				arguments(options().workingDirectory(file), file + ", which is no directory"));
	}

	/**
	 * What can't be executed now can't be a moment later: the pool does not try again.
	 */
	@ParameterizedTest(name = "{1}")
	@MethodSource("unusableCommands")
	void atOnceWhatCanNotBeExecuted(PoolOptions.Builder options, String explanation) {
		assertThat(failure(WorkerSpec.of(Bound.class), options.restartIntensity(3).build()))
			.containsOnlyOnce(explanation)
			.startsWith("pool 'try' has failed: its processes can't be started; call resume()")
			.contains("worker 0 of pool 'try' (incarnation 1) ended: START_FAILED")
			.doesNotContain("incarnation 2");
	}

	private static PoolOptions.Builder slowToClose() {
		return options().drainTimeout(Duration.ofMinutes(5)).restartBackoff(Duration.ofMinutes(1));
	}

	static Stream<PoolOptions.Builder> neverReady() {
		return Stream.of(slowToClose().autoStart(false),
				slowToClose().restartIntensity(9).commandPrefix(List.of("nosuchcommand")),
				slowToClose().jvmArgs(List.of("-Xmx1")));
	}

	/** What was never there can't finish anything, however long that is waited for. */
	@ParameterizedTest
	@MethodSource("neverReady")
	void aPoolThatWasNeverReadyIsClosedAtOnce(PoolOptions.Builder options) throws Exception {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Bound.class), 1, options.build());
		CompletableFuture<Integer> task = pool.submit(1);
		CompletableFuture.runAsync(pool::close).get(60, TimeUnit.SECONDS);
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
		assertThat(task).failsWithin(Duration.ofSeconds(10));
	}

	@Test
	void aPrefixIsLookedForWhereTheSystemLooks(@TempDir Path directory) throws Exception {
		Path prefix = program(directory, PREFIX);
		for (String program : List.of("env", "./program", prefix.toString())) {
			PoolOptions options = options().workingDirectory(directory).commandPrefix(List.of(program)).build();
			try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((input) -> input), 1,
					options)) {
				assertThat(pool.submit(1).get(60, TimeUnit.SECONDS)).isOne();
			}
		}
	}

	/** As it is while a package of the system is being updated. */
	@Test
	void aPoolThatHasWorkedTriesAgainIfItsProgramIsMissingForAMoment(@TempDir Path directory) throws Exception {
		Path prefix = program(directory, PREFIX);
		PoolOptions options = options().restartIntensity(1_000)
			.restartBackoff(Duration.ofMillis(1))
			.restartMaxBackoff(Duration.ofMillis(50))
			.commandPrefix(List.of(prefix.toString()))
			.build();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((input) -> input), 1,
				options)) {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
			Path away = Files.move(prefix, directory.resolve("away"));
			pool.kill(0);
			Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> pool.stats().exits().size() > 3);
			Files.move(away, prefix);
			assertThat(pool.submit(1).get(60, TimeUnit.SECONDS)).isOne();
		}
	}

	@Test
	void theCommandOnlyOnce(@TempDir Path directory) throws Exception {
		// Whether there is an interpreter is not looked for beforehand.
		String program = program(directory, "#!/nosuch").toString();
		assertThat(failure(WorkerSpec.of(Bound.class), options().commandPrefix(List.of(program)).build()))
			.containsOnlyOnce("(command: " + program);
	}

	private static Path program(Path directory, String script) throws IOException {
		Path program = Files.writeString(directory.resolve("program"), script + "\n");
		Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
		return program;
	}

}
