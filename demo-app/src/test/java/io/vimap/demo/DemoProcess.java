package io.vimap.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The packaged demo, running as a user would run it.
 */
final class DemoProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private final Process process;

	private final Path output;

	private DemoProcess(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	static Path jar() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files.filter((file) -> file.getFileName().toString().matches("demo-app-[^-]+(-SNAPSHOT)?\\.jar"))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException("Package the demo first"))
				.toAbsolutePath();
		}
	}

	static DemoProcess start(Path jar, Path directory, String... options) throws IOException {
		List<String> command = new ArrayList<>(List.of(java(), "-jar", jar.toString()));
		command.addAll(List.of(options));
		return run(directory, directory, command);
	}

	/**
	 * Starts a process.
	 * @param workingDirectory where it runs
	 * @param outputDirectory where its output goes
	 * @param command the program with its arguments
	 * @return the process
	 * @throws IOException if it can't be started
	 */
	static DemoProcess run(Path workingDirectory, Path outputDirectory, List<String> command) throws IOException {
		Path output = Files.createTempFile(outputDirectory, "output", ".txt");
		Process process = new ProcessBuilder(command).directory(workingDirectory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		process.getOutputStream().close();
		return new DemoProcess(process, output);
	}

	static String java() {
		return Path.of(System.getProperty("java.home"), "bin", "java").toString();
	}

	long pid() {
		return this.process.pid();
	}

	int exitCode() throws InterruptedException {
		if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
			throw new AssertionError("Still running after " + PATIENCE + ":\n" + output());
		}
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

	/**
	 * Returns the figure that a row of the final table shows.
	 * @param row the heading of the row
	 * @return the figure
	 */
	long figure(String row) {
		Matcher matcher = Pattern.compile("\\| " + Pattern.quote(row) + " +\\| +([0-9,]+) \\|").matcher(output());
		if (!matcher.find()) {
			throw new AssertionError("No row '" + row + "' in:\n" + output());
		}
		return Long.parseLong(matcher.group(1).replace(",", ""));
	}

	List<ProcessHandle> children() {
		return this.process.descendants().toList();
	}

	void terminate() {
		this.process.destroy();
	}

	void kill() {
		this.process.destroyForcibly();
	}

	void await(String what, BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + PATIENCE.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > deadline || !this.process.isAlive()) {
				throw new AssertionError("Waited in vain for: " + what + "\n" + output());
			}
			Thread.sleep(20);
		}
	}

	@Override
	public void close() {
		List<ProcessHandle> children = children();
		this.process.destroyForcibly();
		children.forEach(ProcessHandle::destroyForcibly);
	}

}
