package io.vimap.launch;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts children that are JVMs like this one: the same Java, the same class path,
 * however this application was started.
 * <p>
 * The child inherits the environment of this process, {@code JAVA_TOOL_OPTIONS} and its
 * like included, but for variables that configure Spring Boot's launcher
 * ({@code LOADER_*}) and for JVM options that listen at a port of this process. One
 * variable is added, {@code VIMAP_CHILD}, by which the processes that a child starts are
 * found when the child has ended. This process's own JVM options are not passed on.
 * <p>
 * Safe for use by many threads.
 */
public final class JvmLauncher implements ProcessLauncher {

	/** A pipe holds at least this much: writing it never waits for the reader. */
	private static final int PIPE_CAPACITY = 4_096;

	private static final int MAX_COMMAND_IN_MESSAGE = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(JvmLauncher.class);

	private final JvmSettings settings;

	private final JvmCommandLine commandLine;

	private final ClassArchive classArchive;

	private final OomKills oomKills = OomKills.ofThisProcess();

	private final List<ClassLoader> loaders;

	/** Children of which something may still run. Any thread. */
	private final Set<JvmChild> children = ConcurrentHashMap.newKeySet();

	/** Found at the first launch. Guarded by this. */
	private @Nullable ApplicationClassPath classPath;

	/**
	 * Creates a launcher for the children of one pool. Nothing is started or written yet.
	 * @param settings what their command lines have in common
	 */
	public JvmLauncher(JvmSettings settings) {
		this.settings = settings;
		this.commandLine = new JvmCommandLine(settings);
		this.classArchive = new ClassArchive(settings, this.commandLine);
		this.loaders = applicationLoaders();
		InitProcess.warnIf(ProcessHandle.current().pid());
	}

	private static List<ClassLoader> applicationLoaders() {
		List<ClassLoader> loaders = new ArrayList<>();
		loaders.add(JvmLauncher.class.getClassLoader());
		ClassLoader context = Thread.currentThread().getContextClassLoader();
		if (context != null) {
			loaders.add(context);
		}
		return List.copyOf(loaders);
	}

	@Override
	public ChildProcess launch(LaunchRequest request) throws IOException {
		ProcessBuilder builder = new ProcessBuilder();
		Map<String, String> environment = builder.environment();
		InheritedEnvironment.reduce(environment);
		environment.putAll(this.settings.environment());
		Survivors survivors = Survivors.mark(environment);
		ApplicationClassPath applicationClassPath = classPath();
		ClassArchive.Plan plan = this.classArchive.plan(applicationClassPath, environment);
		ChildProcess child;
		try {
			builder.command(this.commandLine.build(request, applicationClassPath, plan.options(), environment));
			child = launch(request, builder, survivors);
		}
		catch (IOException | RuntimeException | Error ex) {
			this.classArchive.undo(plan);
			throw ex;
		}
		if (plan.archive() != null) {
			this.classArchive.watch(plan.archive(), child);
		}
		if (plan.training() != null) {
			this.classArchive.train(plan.training(), child);
		}
		return child;
	}

	private ChildProcess launch(LaunchRequest request, ProcessBuilder builder, Survivors survivors) throws IOException {
		String java = this.commandLine.java().toRealPath().toString();
		if (this.settings.workingDirectory() != null) {
			builder.directory(this.settings.workingDirectory().toFile());
		}
		if (this.settings.inheritOutput()) {
			builder.redirectOutput(Redirect.INHERIT);
		}
		long oomKillsBefore = this.oomKills.count();
		Process process = start(request, builder, survivors);
		JvmChild.Origin origin = new JvmChild.Origin(survivors, this.oomKills, oomKillsBefore, this.settings, java);
		return serve(request, new JvmChild(request, process, origin), process);
	}

	private Process start(LaunchRequest request, ProcessBuilder builder, Survivors survivors) throws IOException {
		try {
			Process process = builder.start();
			logger.debug("{}: started process {}", request.label(), process.pid());
			logger.trace("{}: its command: {}", request.label(), builder.command());
			return process;
		}
		catch (IOException | RuntimeException ex) {
			String command = String.join(" ", builder.command());
			String shown = (command.length() > MAX_COMMAND_IN_MESSAGE)
					? command.substring(0, MAX_COMMAND_IN_MESSAGE) + "…" : command;
			throw new IOException(
					"Cannot start " + request.label() + ": " + ex.getMessage() + " (command: " + shown + ")", ex);
		}
		catch (OutOfMemoryError ex) {
			// It runs, but the JDK has no thread that waits for its end, and so has not
			// told us of it.
			survivors.kill(request.label(), List.of());
			throw noThreads(request, ex);
		}
	}

	@SuppressWarnings("FutureReturnValueIgnored") // removing never fails
	private ChildProcess serve(LaunchRequest request, JvmChild child, Process process) throws IOException {
		this.children.add(child);
		child.onGone().thenRun(() -> this.children.remove(child));
		try {
			child.start();
			feed(request, process);
			return child;
		}
		catch (OutOfMemoryError ex) {
			// No more threads: a child that nobody drains or waits for must not live.
			process.destroyForcibly();
			this.children.remove(child);
			throw noThreads(request, ex);
		}
	}

	private static IOException noThreads(LaunchRequest request, OutOfMemoryError ex) {
		return new IOException("Cannot start the threads that serve " + request.label() + ": " + ex.getMessage()
				+ ". Where this process has too many threads, raise 'ulimit -u', or use fewer processes.", ex);
	}

	private void feed(LaunchRequest request, Process process) {
		StringBuilder lines = new StringBuilder();
		for (String line : request.input()) {
			lines.append(line).append('\n');
		}
		byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
		if (bytes.length <= PIPE_CAPACITY) {
			write(request, process, bytes);
		}
		else {
			Thread thread = new Thread(() -> write(request, process, bytes), "vimap-" + request.label() + "-stdin");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void write(LaunchRequest request, Process process, byte[] bytes) {
		try (OutputStream stream = process.getOutputStream()) {
			stream.write(bytes);
		}
		catch (IOException ex) {
			// The child has ended or closed its input: its exit tells more than this.
			logger.debug("{}: cannot write to its standard input", request.label(), ex);
		}
	}

	/**
	 * Returns the class path, which is found once (it may mean to unpack the
	 * application), and again if the unpacked files have gone.
	 */
	private synchronized ApplicationClassPath classPath() throws IOException {
		if (this.classPath == null || !this.classPath.isIntact()) {
			this.classPath = this.settings.classPath().isEmpty() ? ApplicationClassPath.ofThisApplication(this.loaders)
					: ApplicationClassPath.of(this.settings.classPath());
		}
		return this.classPath;
	}

	/**
	 * Removes the argument files, ends the making of a class archive, and waits until
	 * what ended children left has been killed. Children that run are not touched. Never
	 * fails: a file that can't be deleted is logged.
	 */
	@Override
	public void close() {
		this.classArchive.close();
		this.children.forEach(JvmChild::closing);
		for (JvmChild child : this.children) {
			if (child.onExit().isDone()) {
				child.onGone().join();
			}
		}
		try {
			this.commandLine.deleteFiles();
		}
		catch (IOException ex) {
			logger.warn("Cannot remove a file made for child processes", ex);
		}
	}

}
