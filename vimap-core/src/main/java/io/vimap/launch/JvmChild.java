package io.vimap.launch;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A started JVM. Three daemon threads serve it while it lives: one for each stream of its
 * output, and one that waits for its end. (That one does not rely on
 * {@link Process#onExit()}, which completes in the common pool: an application that
 * blocks that pool would delay the news of every exit.)
 */
final class JvmChild implements ChildProcess {

	/** How long the output of processes that survived the child is waited for. */
	private static final long OUTPUT_GRACE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	/** When the output has not ended so long after the child, a survivor has it, too. */
	private static final long OUTPUT_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private static final long STACK_SIZE = 256 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(JvmChild.class);

	private final LaunchRequest request;

	private final Process process;

	private final Origin origin;

	private final LastLines lastLines = new LastLines();

	private final List<OutputPump> pumps;

	private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

	/**
	 * Completes after {@link #exit}, once nothing the child has started runs any more.
	 */
	private final CompletableFuture<Void> gone = new CompletableFuture<>();

	/** At zero when the pool is being closed, which waits for the search. */
	private final CountDownLatch closing = new CountDownLatch(1);

	/** What {@link #kill()} saw; only ever added to. Guarded by itself. */
	private final List<ProcessHandle> descendants = new ArrayList<>();

	/** Whether this process has killed the child. Written by any thread, never reset. */
	private volatile boolean killed;

	/** The saved crash log. Written by the exit thread before {@link #exit} completes. */
	private volatile @Nullable CrashLog crashLog;

	/**
	 * The JVM itself where a prefix command started it as a process of its own. Written
	 * by any thread, all of which find the same.
	 */
	private volatile @Nullable ProcessHandle jvm;

	JvmChild(LaunchRequest request, Process process, Origin origin) {
		this.request = request;
		this.process = process;
		this.origin = origin;
		this.pumps = createPumps();
	}

	private List<OutputPump> createPumps() {
		OutputLimit limit = new OutputLimit(System.nanoTime());
		String prefix = "vimap-" + this.request.label();
		if (this.origin.settings().inheritOutput()) {
			// Standard output is inherited by the child itself, there is no pipe.
			OutputPump.Sink sink = new OutputPump.Sink(nativeCharset(), (error, line) -> {
			}, limit, this.lastLines, System.err);
			return List.of(new OutputPump(prefix + "-stderr", this.process.getErrorStream(), true, sink));
		}
		OutputListener listener = this.request.output();
		OutputPump.Sink out = new OutputPump.Sink(StandardCharsets.UTF_8, listener, limit, null, null);
		OutputPump.Sink err = new OutputPump.Sink(StandardCharsets.UTF_8, listener, limit, this.lastLines, null);
		return List.of(new OutputPump(prefix + "-stdout", this.process.getInputStream(), false, out),
				new OutputPump(prefix + "-stderr", this.process.getErrorStream(), true, err));
	}

	private static Charset nativeCharset() {
		String name = System.getProperty("native.encoding", "UTF-8");
		return Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
	}

	/**
	 * Starts the threads.
	 */
	void start() {
		this.pumps.forEach(OutputPump::start);
		Thread thread = new Thread(null, this::awaitExit, "vimap-" + this.request.label() + "-exit", STACK_SIZE);
		thread.setDaemon(true);
		thread.start();
	}

	private void awaitExit() {
		int code = waitForProcess();
		try {
			if (awaitOutput(OUTPUT_DELAY_NANOS)) {
				// To look for survivors takes a while on a machine with many processes,
				// and a task waits for the news.
				this.exit.complete(explain(code));
				if (code != 0) {
					awaitSuccessor();
				}
				killSurvivors();
			}
			else {
				// Those that have the output, too, go first.
				killSurvivors();
				awaitOutput(OUTPUT_GRACE_NANOS);
				this.exit.complete(explain(code));
			}
		}
		finally {
			// No effect but after an error.
			this.exit.complete(unexplained(code));
			this.gone.complete(null);
		}
	}

	private void awaitSuccessor() {
		try {
			if (this.closing.await(QUIET_NANOS, TimeUnit.NANOSECONDS)) {
				logger.trace("{}: nobody succeeds it", this.request.label());
			}
		}
		catch (InterruptedException ex) {
			// See waitForProcess().
			logger.debug("{}: interrupted after its end", this.request.label());
		}
	}

	private void killSurvivors() {
		try {
			this.origin.survivors().kill(this.request.label(), seenDescendants());
		}
		catch (RuntimeException | Error ex) {
			logger.warn("{}: cannot find out what it left running", this.request.label(), ex);
		}
	}

	private int waitForProcess() {
		while (true) {
			try {
				return this.process.waitFor();
			}
			catch (InterruptedException ex) {
				// No one is meant to interrupt this thread, and its only purpose is to
				// wait.
				logger.debug("{}: interrupted while waiting for its end", this.request.label());
			}
		}
	}

	/** Returns whether the output has ended in time. */
	private boolean awaitOutput(long nanos) {
		long deadline = System.nanoTime() + nanos;
		for (OutputPump pump : this.pumps) {
			try {
				if (!pump.awaitEnd(deadline - System.nanoTime())) {
					logger.debug("{}: its output is still open", this.request.label());
					return false;
				}
			}
			catch (InterruptedException ex) {
				// See waitForProcess().
				return false;
			}
		}
		return true;
	}

	private ExitStatus explain(int code) {
		try {
			CrashLog log = CrashLog.collect(this.request.directory(), this.request.label(),
					CrashLog.chosen(this.origin.settings(), pid()));
			this.crashLog = log;
			String signal = Signals.ofExitCode(code);
			boolean oomKilled = !this.killed && Signals.KILL.equals(signal)
					&& this.origin.oomKills().count() > this.origin.oomKillsBefore();
			return new ExitStatus(code, signal, oomKilled, (log != null) ? log.head() : List.of());
		}
		catch (RuntimeException | Error ex) {
			// The explanation is a courtesy, the news of the exit is not.
			logger.warn("{}: cannot find out how it ended", this.request.label(), ex);
			return unexplained(code);
		}
	}

	private static ExitStatus unexplained(int code) {
		return new ExitStatus(code, Signals.ofExitCode(code), false, List.of());
	}

	@Override
	public long pid() {
		return this.process.pid();
	}

	@Override
	public CompletableFuture<ExitStatus> onExit() {
		// A copy: no caller can complete it for the others.
		return this.exit.copy();
	}

	@Override
	public void kill() {
		if (!this.process.isAlive()) {
			return;
		}
		this.killed = true;
		List<ProcessHandle> seen = Survivors.descendants(this.process.toHandle());
		synchronized (this.descendants) {
			this.descendants.addAll(seen);
		}
		this.process.destroyForcibly();
		// Those they start meanwhile are found when the process has ended.
		seen.forEach(Survivors::killTree);
	}

	/** There will be no successor: what the child left is killed without delay. */
	void closing() {
		this.closing.countDown();
	}

	/**
	 * Returns what completes when nothing of the child runs any more: it has ended, and
	 * what it left running has been killed.
	 * @return a future that never fails
	 */
	CompletableFuture<Void> onGone() {
		return this.gone.copy();
	}

	private List<ProcessHandle> seenDescendants() {
		synchronized (this.descendants) {
			return List.copyOf(this.descendants);
		}
	}

	@Override
	public List<String> lastOutput() {
		return this.lastLines.toList();
	}

	@Override
	public @Nullable Path errorFile() {
		CrashLog log = this.crashLog;
		return (log != null && Files.exists(log.file())) ? log.file() : null;
	}

	@Override
	public long residentBytes() {
		ProcessHandle measured = jvm();
		if (!measured.isAlive()) {
			return -1;
		}
		try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(measured.pid()), "status"))) {
			return lines.filter((line) -> line.startsWith("VmRSS:"))
				.map((line) -> line.replaceAll("\\D", ""))
				.mapToLong((kilobytes) -> Long.parseLong(kilobytes) * 1024)
				.findFirst()
				.orElse(-1);
		}
		catch (IOException | RuntimeException ex) {
			// It has ended meanwhile, or this is not Linux.
			return -1;
		}
	}

	@Override
	public @Nullable Duration cpuTime() {
		return jvm().info().totalCpuDuration().orElse(null);
	}

	/**
	 * Finds the process to measure: a prefix command either becomes the JVM or starts it.
	 */
	private ProcessHandle jvm() {
		ProcessHandle known = this.jvm;
		if (known != null) {
			return known;
		}
		ProcessHandle started = this.process.toHandle();
		if (this.origin.settings().commandPrefix().isEmpty()) {
			this.jvm = started;
			return started;
		}
		ProcessHandle found = Stream.concat(Stream.of(started), Survivors.descendants(started).stream())
			.filter((candidate) -> candidate.info().command().filter(this.origin.java()::equals).isPresent())
			.findFirst()
			.orElse(null);
		this.jvm = found;
		return (found != null) ? found : started;
	}

	/**
	 * What the launcher knows about a child.
	 *
	 * @param survivors finds what it leaves running
	 * @param oomKills counts the out-of-memory kills
	 * @param oomKillsBefore their number before the child was started
	 * @param settings what it has in common with its pool
	 * @param java the real path of its program
	 */
	record Origin(Survivors survivors, OomKills oomKills, long oomKillsBefore, JvmSettings settings, String java) {
	}

}
