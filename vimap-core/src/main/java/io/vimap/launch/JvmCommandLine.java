package io.vimap.launch;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Builds the command line of the children of one pool. Holds nothing secret: any user of
 * the machine can read it.
 * <p>
 * Safe for use by many threads.
 */
final class JvmCommandLine {

	/**
	 * A longer class path goes into an argument file. Linux allows 128 KiB for one
	 * argument, Windows 32 KiB for all of them, and a person who lists processes less.
	 */
	static final int MAX_CLASS_PATH = 4_096;

	/** Where programs are looked for if there is no PATH. */
	private static final String DEFAULT_PATH = ":/bin:/usr/bin";

	private final JvmSettings settings;

	private final Path java;

	/** Whether the children's Java is certain to be that of this process. */
	private final boolean runsOwnJava;

	/** The argument file. Guarded by this. */
	private @Nullable Path argumentFile;

	/** The class path it holds. Guarded by this. */
	private @Nullable String argumentFileClassPath;

	JvmCommandLine(JvmSettings settings) {
		this.settings = settings;
		Path own = Path.of(System.getProperty("java.home"));
		Path home = (settings.javaHome() != null) ? settings.javaHome() : own;
		// A prefix may run another Java, as that of a container does.
		this.runsOwnJava = home.equals(own) && settings.commandPrefix().isEmpty();
		String executable = (File.separatorChar == '\\') ? "java.exe" : "java";
		this.java = home.resolve("bin").resolve(executable).toAbsolutePath();
	}

	/**
	 * Returns the program that runs the child.
	 * @return the absolute path of {@code java}
	 */
	Path java() {
		return this.java;
	}

	/**
	 * Builds the command that starts a child.
	 * @param request what to start
	 * @param classPath where its classes are
	 * @param archiveOptions options that use an archive of classes
	 * @param environment its environment
	 * @return the command with its arguments
	 * @throws UnusableCommandException if a program or directory that the settings name
	 * doesn't exist or can't be used
	 * @throws IOException if the argument file can't be written
	 */
	List<String> build(LaunchRequest request, ApplicationClassPath classPath, List<String> archiveOptions,
			Map<String, String> environment) throws IOException {
		verify();
		List<String> command = new ArrayList<>(this.settings.commandPrefix());
		command.add(this.java.toString());
		ChosenOptions chosen = ChosenOptions.of(this.settings.jvmArgs(), environment);
		command.addAll(JvmOptions.defaults(chosen));
		if (this.runsOwnJava) {
			command.addAll(JvmTimers.options(System.getProperty("java.vm.name"), Runtime.version().feature(), chosen));
		}
		addFiles(command, request.directory().toAbsolutePath());
		if (!this.settings.inheritOutput()) {
			addEncoding(command);
		}
		command.addAll(archiveOptions);
		command.addAll(this.settings.jvmArgs());
		command.addAll(classPath(classPath));
		for (String property : classPath.properties()) {
			command.add("-D" + property);
		}
		if (classPath.launcher() != null) {
			command.add("-Dloader.main=" + request.mainClass());
			command.add(classPath.launcher());
		}
		else {
			command.add(request.mainClass());
		}
		return command;
	}

	/** What is missing at this moment will be so at the next attempt, too. */
	private void verify() throws UnusableCommandException {
		if (!isProgram(this.java)) {
			throw new UnusableCommandException(this.java + " " + found(this.java) + ": "
					+ ((this.settings.javaHome() != null) ? "'java-home' must name the directory of a Java installation"
							: "the Java that runs this process has been removed; set 'java-home'"));
		}
		Path directory = this.settings.workingDirectory();
		if (directory != null && !Files.isDirectory(directory)) {
			throw new UnusableCommandException("'working-directory' is " + directory.toAbsolutePath() + ", which "
					+ (Files.exists(directory) ? "is no directory" : "does not exist")
					+ ": it must name a directory that exists");
		}
		// Elsewhere the system looks in other places, too, and for other names.
		if (!this.settings.commandPrefix().isEmpty() && File.separatorChar == '/') {
			verifyPrefix(this.settings.commandPrefix().get(0));
		}
	}

	private void verifyPrefix(String program) throws UnusableCommandException {
		Path directory = Objects.requireNonNullElse(this.settings.workingDirectory(), Path.of(""));
		String problem;
		if (program.contains("/")) {
			Path path = directory.resolve(program).toAbsolutePath();
			problem = isProgram(path) ? null : path + ", which " + found(path);
		}
		else {
			String path = System.getenv().getOrDefault("PATH", DEFAULT_PATH);
			boolean exists = Stream.of(path.split(File.pathSeparator, -1))
				.anyMatch((entry) -> isProgram(directory.resolve(entry).resolve(program)));
			problem = exists ? null
					: "'" + program + "', which is no program in the PATH of this process (" + path + ")";
		}
		if (problem != null) {
			throw new UnusableCommandException("'command-prefix' begins with " + problem
					+ ": it must begin with a program that this user may execute");
		}
	}

	private static boolean isProgram(Path path) {
		return Files.isExecutable(path) && !Files.isDirectory(path);
	}

	private static String found(Path path) {
		if (!Files.exists(path)) {
			return "does not exist";
		}
		return Files.isDirectory(path) ? "is a directory" : "may not be executed by this user";
	}

	private void addFiles(List<String> command, Path directory) {
		// The JVM expands %p to the process id, and %% to %.
		String base = directory.toString().replace("%", "%%") + File.separator;
		command.add(CrashLog.OPTION + base + CrashLog.FILE_NAME);
		// Would otherwise be written into the working directory when the compiler
		// crashes.
		command.add("-XX:ReplayDataFile=" + base + "replay_%p.log");
	}

	/**
	 * Makes Java code print in the encoding that {@link OutputPump} reads, whatever the
	 * locale. The first two are for Java 17 and 18, the others for later versions.
	 */
	private void addEncoding(List<String> command) {
		command.add("-Dsun.stdout.encoding=UTF-8");
		command.add("-Dsun.stderr.encoding=UTF-8");
		command.add("-Dstdout.encoding=UTF-8");
		command.add("-Dstderr.encoding=UTF-8");
	}

	/**
	 * Builds the options that set the class path.
	 * @param classPath the class path
	 * @return the options
	 * @throws IOException if the argument file can't be written
	 */
	List<String> classPath(ApplicationClassPath classPath) throws IOException {
		String joined = String.join(File.pathSeparator, classPath.entries());
		return (joined.length() <= MAX_CLASS_PATH) ? List.of("-cp", joined) : List.of("@" + argumentFile(joined));
	}

	private synchronized Path argumentFile(String classPath) throws IOException {
		if (this.argumentFile == null || !classPath.equals(this.argumentFileClassPath)
				|| !Files.exists(this.argumentFile)) {
			Path file = (this.argumentFile != null) ? this.argumentFile
					: Files.createTempFile(this.settings.directory(), "class-path", ".args").toAbsolutePath();
			Files.writeString(file, "-cp\n" + quote(classPath) + "\n", nativeCharset());
			this.argumentFile = file;
			this.argumentFileClassPath = classPath;
		}
		return this.argumentFile;
	}

	/**
	 * Quotes an argument as the syntax of Java's argument files demands.
	 */
	static String quote(String argument) {
		return "\"" + argument.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
	}

	private static Charset nativeCharset() {
		String name = System.getProperty("sun.jnu.encoding", System.getProperty("native.encoding"));
		return (name != null && Charset.isSupported(name)) ? Charset.forName(name) : Charset.defaultCharset();
	}

	/**
	 * Deletes the argument file.
	 * @throws IOException if it can't be deleted
	 */
	synchronized void deleteFiles() throws IOException {
		if (this.argumentFile != null) {
			Files.deleteIfExists(this.argumentFile);
			this.argumentFile = null;
			this.argumentFileClassPath = null;
		}
	}

}
