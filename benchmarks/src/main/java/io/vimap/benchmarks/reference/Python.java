package io.vimap.benchmarks.reference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.vimap.benchmarks.Samples;
import io.vimap.benchmarks.SideBySide;
import org.jspecify.annotations.Nullable;

/**
 * Runs the scripts that measure Python's process pools.
 */
public final class Python {

	static final String SCRIPTS = "vimap.benchmarks.python";

	private static @Nullable Boolean available;

	private Python() {
	}

	/**
	 * Says whether there is a {@code python3}.
	 * @return whether scripts can run
	 */
	public static synchronized boolean isAvailable() {
		Boolean known = available;
		if (known == null) {
			known = System.getProperty(SCRIPTS) != null && answers();
			available = known;
		}
		return known;
	}

	private static boolean answers() {
		try {
			return run(List.of("python3", "-c", "import multiprocessing.pool")).isEmpty();
		}
		catch (IOException | InterruptedException ex) {
			return false;
		}
	}

	/**
	 * Lets a script take part, if there is a Python.
	 * @param runs where to
	 * @param script the script's name
	 * @param args its arguments
	 * @return its samples, or {@code null} without a Python
	 */
	public static @Nullable Samples join(SideBySide runs, String script, Object... args) {
		return isAvailable() ? runs.add(() -> measure(script, args)[0]) : null;
	}

	/**
	 * Runs a script.
	 * @param script the script's name
	 * @param args its arguments
	 * @return the numbers that it prints
	 * @throws IOException if it fails
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static double[] measure(String script, Object... args) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of("python3", Path.of(System.getProperty(SCRIPTS), script).toString()));
		Stream.of(args).map(String::valueOf).forEach(command::add);
		return Stream.of(run(command).split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
	}

	private static String run(List<String> command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		process.getOutputStream().close();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		if (process.waitFor() != 0) {
			throw new IOException(command + " ended with exit code " + process.exitValue());
		}
		return output;
	}

}
