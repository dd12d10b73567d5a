package io.vimap.boot.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.boot.devtools.restart.Restarter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program that runs in a JVM of its own, with the class path of these tests, but
 * without Spring Boot's developer tools.
 */
final class JavaProgram implements AutoCloseable {

	/** On the class path of these tests, for those that ask for it. */
	static final Path DEV_TOOLS = location(Restarter.class);

	private static final long PATIENCE_SECONDS = 60;

	private final Process process;

	private final Path output;

	private JavaProgram(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	/**
	 * Starts a program.
	 * @param directory where it runs
	 * @param options of the JVM
	 * @param classPath its class path, without that of these tests
	 * @param program its main class
	 * @param arguments its arguments
	 * @return the running program
	 * @throws IOException if it can't be started
	 */
	static JavaProgram start(Path directory, List<String> options, List<Path> classPath, Class<?> program,
			String... arguments) throws IOException {
		Path output = Files.createTempFile(directory, "output", ".txt");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		// It won't live to profit from more.
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
		command.addAll(options);
		command.addAll(List.of("-cp", join(classPath), program.getName()));
		command.addAll(List.of(arguments));
		return new JavaProgram(new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start(), output);
	}

	/**
	 * Puts something before the class path of these tests.
	 * @param first what comes first
	 * @return a class path
	 */
	static List<Path> before(Path... first) {
		return Stream
			.concat(Stream.of(first),
					Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
						.map(Path::of)
						.filter((entry) -> !entry.equals(DEV_TOOLS)))
			.toList();
	}

	static String join(List<Path> classPath) {
		return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

	static Path location(Class<?> type) {
		return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
	}

	/**
	 * Waits until the program ends.
	 * @return its exit code
	 * @throws InterruptedException if the test is interrupted
	 */
	int exitCode() throws InterruptedException {
		assertThat(this.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(this::output).isTrue();
		return this.process.exitValue();
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<ProcessHandle> children() {
		return this.process.descendants().toList();
	}

	void terminate() {
		this.process.destroy();
	}

	@Override
	public void close() {
		List<ProcessHandle> children = children();
		this.process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
	}

}
