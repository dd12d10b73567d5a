package io.vimap.crash;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.vimap.Vimap;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a caller reads about a worker that can't start.
 */
@ExtendWith(LeakCheck.class)
class StartFailuresIT {

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

	@Test
	void theCommandOnlyOnce() {
		assertThat(failure(WorkerSpec.of(Bound.class), options().commandPrefix(List.of("nosuchcommand")).build()))
			.containsOnlyOnce("(command: nosuchcommand");
	}

}
