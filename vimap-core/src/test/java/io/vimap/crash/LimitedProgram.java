package io.vimap.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program with the class path of these tests in a JVM of its own, to which the shell
 * has set a limit.
 *
 * @param limit the shell's command that sets it; there, {@code $0} is the directory for
 * temporary files, and {@code $@} the program
 * @param environment variables that are added to those of the tests
 * @param options options of the JVM
 * @param program the main class
 */
record LimitedProgram(String limit, Map<String, String> environment, List<String> options, Class<?> program) {

	private static final long PATIENCE_SECONDS = 60;

	/**
	 * Runs the program, and asserts that it ends well and in time.
	 * @param directory for its output and its temporary files
	 * @param argument its only argument
	 * @throws IOException if it can't be started
	 * @throws InterruptedException if the test is interrupted
	 */
	void assertSucceeds(Path directory, String argument) throws IOException, InterruptedException {
		Path output = directory.resolve("output");
		Path temporary = Files.createDirectories(directory.resolve("t"));
		ProcessBuilder builder = new ProcessBuilder(command(temporary, argument)).redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().putAll(this.environment);
		Process process = builder.start();
		try {
			boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
			assertThat(ended).as(Files.readString(output)).isTrue();
			assertThat(process.exitValue()).as(Files.readString(output)).isZero();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
	}

	private List<String> command(Path temporary, String argument) {
		List<String> command = new ArrayList<>(List.of("sh", "-c", this.limit + "; exec \"$@\"", temporary.toString(),
				Path.of(System.getProperty("java.home"), "bin", "java").toString()));
		command.addAll(this.options);
		command.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"),
				this.program.getName(), argument));
		return command;
	}

}
