package io.vimap.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Settings and children for the tests of this package. Kills on close what it started.
 */
final class Fixture implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Path directory;

	private final List<AutoCloseable> closeables = new ArrayList<>();

	/** The lines the children printed, standard error marked with {@code !}. */
	final List<String> lines = Collections.synchronizedList(new ArrayList<>());

	Path javaHome = Path.of(System.getProperty("java.home"));

	List<String> classPath = List.of();

	List<String> jvmArgs = List.of();

	Map<String, String> environment = Map.of();

	@Nullable Path workingDirectory;

	List<String> commandPrefix = List.of();

	boolean inheritOutput;

	boolean classArchive;

	String program = "test";

	OutputListener listener = (error, line) -> this.lines.add(error ? "!" + line : line);

	Fixture(Path directory) {
		this.directory = directory;
	}

	JvmLauncher launcher() {
		JvmLauncher launcher = new JvmLauncher(new JvmSettings(this.directory, this.javaHome, this.classPath,
				this.jvmArgs, this.environment, this.workingDirectory, this.commandPrefix, this.inheritOutput,
				this.classArchive, this.program));
		this.closeables.add(launcher);
		return launcher;
	}

	ChildProcess launch(String... script) throws IOException {
		return launch(launcher(), script);
	}

	ChildProcess launch(JvmLauncher launcher, String... script) throws IOException {
		Path own = Files.createTempDirectory(this.directory, "child");
		ChildProcess child = launcher
			.launch(new LaunchRequest("test-0", ScriptedMain.class.getName(), own, List.of(script), this.listener));
		this.closeables.add(child::kill);
		return child;
	}

	ExitStatus run(String... script) throws Exception {
		return exit(launch(script));
	}

	/** Makes a program that looks as if it could be executed, and returns its path. */
	static String scriptWithoutInterpreter(Path file) throws IOException {
		Files.writeString(file, "#!" + file.resolveSibling("no-interpreter"), StandardCharsets.UTF_8);
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
		return file.toString();
	}

	static ExitStatus exit(ChildProcess child) throws Exception {
		return child.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	void awaitLine(String line) {
		Awaitility.await().atMost(PATIENCE).until(() -> this.lines.contains(line));
	}

	/** Waits for a line that starts so, and returns the number that follows. */
	long awaitNumber(String prefix) {
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> List.copyOf(this.lines).stream().anyMatch((line) -> line.startsWith(prefix)));
		return List.copyOf(this.lines)
			.stream()
			.filter((line) -> line.startsWith(prefix))
			.map((line) -> Long.parseLong(line.substring(prefix.length()).trim()))
			.findFirst()
			.orElseThrow();
	}

	static void signal(String name, long pid) throws Exception {
		new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
	}

	@Override
	public void close() throws Exception {
		for (AutoCloseable closeable : this.closeables) {
			closeable.close();
		}
	}

}
