package io.vimap.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The setters of {@link PoolOptions.Builder}, each with its check: what an option means
 * is told in {@link PoolOptions}, what it may be is decided here.
 */
abstract sealed class PoolOptionsBuilder permits PoolOptions.Builder {

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

	private static final Pattern VARIABLE = Pattern.compile("[^=]+");

	private static final long LARGEST_PAYLOAD = 1024L * 1024 * 1024;

	/** Counted in nanoseconds, a long overflows after 292 years. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	/** Changed by the setters; only copies of it are given away. */
	final OptionValues values;

	PoolOptionsBuilder(OptionValues values) {
		this.values = values;
	}

	private PoolOptions.Builder self() {
		return (PoolOptions.Builder) this;
	}

	/**
	 * The name of the pool: lower-case letters, digits and dashes.
	 * @param name starts with a letter or digit
	 * @return this builder
	 */
	public PoolOptions.Builder name(String name) {
		require(NAME.matcher(present("name", name)).matches(), "name", name,
				"lower-case letters, digits and dashes, starting with a letter or digit");
		this.values.name = name;
		return self();
	}

	/**
	 * How long a task may run, from when the child begins it. {@code null}: without
	 * limit.
	 * @param taskTimeout longer than zero, or {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder taskTimeout(@Nullable Duration taskTimeout) {
		this.values.taskTimeout = (taskTimeout != null) ? checked("task-timeout", taskTimeout, Duration.ofNanos(1),
				"a duration longer than zero; leave it out for no limit") : null;
		return self();
	}

	/**
	 * How long creating and initializing a worker may take.
	 * @param initTimeout longer than zero
	 * @return this builder
	 */
	public PoolOptions.Builder initTimeout(Duration initTimeout) {
		this.values.initTimeout = checked("init-timeout", initTimeout, Duration.ofNanos(1),
				"a duration longer than zero");
		return self();
	}

	/**
	 * How long the cleanup of a worker may take before its process is killed.
	 * @param cleanupTimeout longer than zero
	 * @return this builder
	 */
	public PoolOptions.Builder cleanupTimeout(Duration cleanupTimeout) {
		this.values.cleanupTimeout = checked("cleanup-timeout", cleanupTimeout, Duration.ofNanos(1),
				"a duration longer than zero");
		return self();
	}

	/**
	 * How long a process may take from launch until it connects.
	 * @param startTimeout longer than zero
	 * @return this builder
	 */
	public PoolOptions.Builder startTimeout(Duration startTimeout) {
		this.values.startTimeout = checked("start-timeout", startTimeout, Duration.ofNanos(1),
				"a duration longer than zero");
		return self();
	}

	/**
	 * How long {@link ProcessPool#close} waits for accepted tasks; zero does not wait.
	 * @param drainTimeout zero or more
	 * @return this builder
	 */
	public PoolOptions.Builder drainTimeout(Duration drainTimeout) {
		this.values.drainTimeout = checked("drain-timeout", drainTimeout, Duration.ZERO, "a duration of zero or more");
		return self();
	}

	/**
	 * How long an interrupted task has to end before its process is killed. The process
	 * has as long to interrupt it and tell its stack, and at least a second.
	 * @param killGrace zero or more
	 * @return this builder
	 */
	public PoolOptions.Builder killGrace(Duration killGrace) {
		this.values.killGrace = checked("kill-grace", killGrace, Duration.ZERO, "a duration of zero or more");
		return self();
	}

	/**
	 * How often a task may be begun. 1: it is never tried again.
	 * @param retryMaxAttempts at least 1
	 * @return this builder
	 */
	public PoolOptions.Builder retryMaxAttempts(int retryMaxAttempts) {
		require(retryMaxAttempts >= 1, "retry.max-attempts", retryMaxAttempts, "a whole number of at least 1");
		this.values.retryMaxAttempts = retryMaxAttempts;
		return self();
	}

	/**
	 * After what a task that had begun is tried again.
	 * @param retryOn may be empty
	 * @return this builder
	 */
	public PoolOptions.Builder retryOn(Set<RetryCause> retryOn) {
		this.values.retryOn = Set.copyOf(present("retry.on", retryOn));
		return self();
	}

	/**
	 * How many unplanned restarts are allowed within {@code restart.period}; one more and
	 * the pool fails.
	 * @param restartIntensity at least 0; with 0 the first unplanned end fails the pool
	 * @return this builder
	 */
	public PoolOptions.Builder restartIntensity(int restartIntensity) {
		require(restartIntensity >= 0, "restart.intensity", restartIntensity, "a whole number of at least 0");
		this.values.restartIntensity = restartIntensity;
		return self();
	}

	/**
	 * The time in which unplanned restarts are counted, and after which a worker counts
	 * as healthy. While no worker is ready, restarts count however long ago they were.
	 * @param restartPeriod longer than zero
	 * @return this builder
	 */
	public PoolOptions.Builder restartPeriod(Duration restartPeriod) {
		this.values.restartPeriod = checked("restart.period", restartPeriod, Duration.ofNanos(1),
				"a duration longer than zero");
		return self();
	}

	/**
	 * The pause before a seat's second restart in a row; doubled with each one more. The
	 * first is made at once.
	 * @param restartBackoff zero or more
	 * @return this builder
	 */
	public PoolOptions.Builder restartBackoff(Duration restartBackoff) {
		this.values.restartBackoff = checked("restart.backoff", restartBackoff, Duration.ZERO,
				"a duration of zero or more");
		return self();
	}

	/**
	 * The longest pause before a restart.
	 * @param restartMaxBackoff zero or more
	 * @return this builder
	 */
	public PoolOptions.Builder restartMaxBackoff(Duration restartMaxBackoff) {
		this.values.restartMaxBackoff = checked("restart.max-backoff", restartMaxBackoff, Duration.ZERO,
				"a duration of zero or more");
		return self();
	}

	/**
	 * After how many tasks a process is recycled. {@code null}: without limit.
	 * @param maxTasksPerWorker at least 1, or {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder maxTasksPerWorker(@Nullable Integer maxTasksPerWorker) {
		require(maxTasksPerWorker == null || maxTasksPerWorker >= 1, "max-tasks-per-worker", maxTasksPerWorker,
				"a whole number of at least 1; leave it out for no limit");
		this.values.maxTasksPerWorker = maxTasksPerWorker;
		return self();
	}

	/**
	 * After which time a process is recycled. {@code null}: without limit.
	 * @param maxLifetime longer than zero, or {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder maxLifetime(@Nullable Duration maxLifetime) {
		this.values.maxLifetime = (maxLifetime != null) ? checked("max-lifetime", maxLifetime, Duration.ofNanos(1),
				"a duration longer than zero; leave it out for no limit") : null;
		return self();
	}

	/**
	 * By which share (0 to 1) the limits of tasks and lifetime vary from worker to
	 * worker, so that they are not recycled all at once.
	 * @param jitter from 0 to 1
	 * @return this builder
	 */
	public PoolOptions.Builder jitter(double jitter) {
		require(jitter >= 0 && jitter <= 1, "jitter", jitter, "a share from 0 to 1");
		this.values.jitter = jitter;
		return self();
	}

	/**
	 * At which resident memory, in bytes, a process is recycled; what it has touched of
	 * mapped files, among them the one for large values, counts. {@code null}: without
	 * limit.
	 * @param maxRss at least 1, or {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder maxRss(@Nullable Long maxRss) {
		require(maxRss == null || maxRss >= 1, "max-rss", maxRss,
				"a whole number of at least 1; leave it out for no limit");
		this.values.maxRss = maxRss;
		return self();
	}

	/**
	 * How many booted, connected processes wait to take over a dead worker's seat.
	 * @param spares from 0 to {@link PoolOptions#MOST_PROCESSES}
	 * @return this builder
	 */
	public PoolOptions.Builder spares(int spares) {
		require(spares >= 0 && spares <= PoolOptions.MOST_PROCESSES, "spares", spares,
				"a whole number from 0 to " + PoolOptions.MOST_PROCESSES);
		this.values.spares = spares;
		return self();
	}

	/**
	 * How many tasks a child may hold beyond the running one, which are taken back if
	 * that one takes much longer than others. {@code null}: chosen from the measured
	 * service time.
	 * @param prefetch at least 0, or {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder prefetch(@Nullable Integer prefetch) {
		require(prefetch == null || prefetch >= 0, "prefetch", prefetch,
				"a whole number of at least 0; leave it out to have it chosen");
		this.values.prefetch = prefetch;
		return self();
	}

	/**
	 * The bound of an imap on inputs pulled and results not yet taken. {@code null}: a
	 * small multiple of the number of processes, chosen from the measured service time.
	 * @param maxInFlight at least 1, or {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder maxInFlight(@Nullable Integer maxInFlight) {
		require(maxInFlight == null || maxInFlight >= 1, "max-in-flight", maxInFlight,
				"a whole number of at least 1; leave it out to have it chosen");
		this.values.maxInFlight = maxInFlight;
		return self();
	}

	/**
	 * The largest encoded input or output, in bytes.
	 * @param maxPayload from 1 to 2<sup>30</sup> (1 GiB)
	 * @return this builder
	 */
	public PoolOptions.Builder maxPayload(long maxPayload) {
		require(maxPayload >= 1 && maxPayload <= LARGEST_PAYLOAD, "max-payload", maxPayload, "1 byte to 1 GiB");
		this.values.maxPayload = maxPayload;
		return self();
	}

	/**
	 * How values are encoded: {@code auto}, or the name of a class that implements
	 * {@code io.vimap.protocol.PayloadCodec}.
	 * @param codec not blank
	 * @return this builder
	 */
	public PoolOptions.Builder codec(String codec) {
		require(!present("codec", codec).isBlank(), "codec", codec, "'auto' or a class name");
		this.values.codec = codec;
		return self();
	}

	/**
	 * Arguments for the child's JVM; they override the defaults.
	 * @param jvmArgs the new value
	 * @return this builder
	 */
	public PoolOptions.Builder jvmArgs(List<String> jvmArgs) {
		this.values.jvmArgs = words("jvm-args", jvmArgs);
		return self();
	}

	/**
	 * Variables added to the child's environment.
	 * @param environment names without {@code =}; no {@code null}
	 * @return this builder
	 */
	public PoolOptions.Builder environment(Map<String, String> environment) {
		present("environment", environment).forEach((variable, value) -> {
			String property = "environment." + present("environment", variable).replace("\0", "\\0");
			word(property, variable);
			word(property, present(property, value));
			require(VARIABLE.matcher(variable).matches(), "environment", variable, "names of variables, without '='");
		});
		this.values.environment = Map.copyOf(environment);
		return self();
	}

	/**
	 * The child's working directory. {@code null}: the parent's.
	 * @param workingDirectory the new value
	 * @return this builder
	 */
	public PoolOptions.Builder workingDirectory(@Nullable Path workingDirectory) {
		this.values.workingDirectory = workingDirectory;
		return self();
	}

	/**
	 * A command that wraps the child's own, such as {@code nice -n 10}.
	 * @param commandPrefix the new value
	 * @return this builder
	 */
	public PoolOptions.Builder commandPrefix(List<String> commandPrefix) {
		this.values.commandPrefix = words("command-prefix", commandPrefix);
		return self();
	}

	/**
	 * The Java installation of the child. {@code null}: the parent's.
	 * @param javaHome the new value
	 * @return this builder
	 */
	public PoolOptions.Builder javaHome(@Nullable Path javaHome) {
		this.values.javaHome = javaHome;
		return self();
	}

	/**
	 * The child's class path. Empty: the parent's.
	 * @param classPath the new value
	 * @return this builder
	 */
	public PoolOptions.Builder classPath(List<String> classPath) {
		this.values.classPath = words("class-path", classPath);
		return self();
	}

	/**
	 * Where the child's standard output and error go.
	 * @param output the new value
	 * @return this builder
	 */
	public PoolOptions.Builder output(OutputMode output) {
		this.values.output = present("output", output);
		return self();
	}

	/**
	 * Whether children share an archive of loaded classes.
	 * @param classArchive the new value
	 * @return this builder
	 */
	public PoolOptions.Builder classArchive(ClassArchiveMode classArchive) {
		this.values.classArchive = present("class-archive", classArchive);
		return self();
	}

	/**
	 * Whether the processes are forked when the pool is created.
	 * @param autoStart the new value
	 * @return this builder
	 */
	public PoolOptions.Builder autoStart(boolean autoStart) {
		this.values.autoStart = autoStart;
		return self();
	}

	/**
	 * Where the workers run.
	 * @param mode the new value
	 * @return this builder
	 */
	public PoolOptions.Builder mode(PoolMode mode) {
		this.values.mode = present("mode", mode);
		return self();
	}

	/**
	 * Whether an imap closes the pool when it ends, unless it says otherwise.
	 * @param closeWhenDone the new value
	 * @return this builder
	 */
	public PoolOptions.Builder closeWhenDone(boolean closeWhenDone) {
		this.values.closeWhenDone = closeWhenDone;
		return self();
	}

	/**
	 * Who hears what happens in the pool.
	 * @param listeners the new value
	 * @return this builder
	 */
	public PoolOptions.Builder listeners(List<PoolListener> listeners) {
		this.values.listeners = elements("listeners", listeners);
		return self();
	}

	/**
	 * Captures what travels with a task to a {@code ContextualWorker}: on the thread that
	 * submits it, or that reads the imap and pulls its input; with a feeder once, when
	 * reading begins. {@code null}: nothing.
	 * @param taskContext called for each task; must be quick
	 * @return this builder
	 */
	public PoolOptions.Builder taskContext(@Nullable Supplier<Map<String, String>> taskContext) {
		this.values.taskContext = taskContext;
		return self();
	}

	private static Duration checked(String property, Duration found, Duration least, String allowed) {
		require(present(property, found).compareTo(least) >= 0, property, found, allowed);
		require(found.compareTo(LONGEST) <= 0, property, found, "a duration of at most 36500 days");
		return found;
	}

	private static <T> List<T> elements(String property, List<T> found) {
		present(property, found).forEach((element) -> present(property + "[…]", element));
		return List.copyOf(found);
	}

	/** For a command line. */
	private static List<String> words(String property, List<String> found) {
		List<String> words = elements(property, found);
		for (int i = 0; i < words.size(); i++) {
			word(property + "[" + i + "]", words.get(i));
		}
		return words;
	}

	/** Does not show what was found: it may be a secret. */
	private static void word(String property, String found) {
		int at = found.indexOf('\0');
		if (at >= 0) {
			throw new IllegalArgumentException("Property '" + property + "' has a NUL character at index " + at
					+ ". Allowed: text without NUL characters, which neither a command line nor an environment can"
					+ " hold.");
		}
	}

	private static <T> T present(String property, T found) {
		return Objects.requireNonNull(found, () -> "Property '" + property + "' must not be null.");
	}

	private static void require(boolean valid, String property, @Nullable Object found, String allowed) {
		if (!valid) {
			throw new IllegalArgumentException(
					"Property '" + property + "' has the value '" + found + "'. Allowed: " + allowed + ".");
		}
	}

}
