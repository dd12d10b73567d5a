package io.vimap.benchmarks.reference;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start another JVM like this one.
 */
public final class JvmCommand {

	/**
	 * The options of a pool's child that matter for speed and memory; not those about
	 * timers, by which a child is to be more idle than a JVM left alone.
	 */
	public static final List<String> LIKE_A_CHILD = List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx256m",
			"-XX:-UsePerfData");

	private JvmCommand() {
	}

	/**
	 * Builds a command.
	 * @param options options of the JVM
	 * @param program what to run
	 * @param args its arguments
	 * @return the command
	 */
	public static List<String> of(List<String> options, Class<?> program, String... args) {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		String scripts = System.getProperty(Python.SCRIPTS);
		if (scripts != null) {
			command.add("-D" + Python.SCRIPTS + "=" + scripts);
		}
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
		command.addAll(List.of(args));
		return command;
	}

}
