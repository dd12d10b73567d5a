package io.vimap.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * How a pool behaves. Immutable; every value has been checked.
 */
public final class PoolOptions {

	private static final PoolOptions DEFAULTS = builder().build();

	/** Not changed any more. */
	private final Values values;

	private PoolOptions(Values values) {
		this.values = values;
	}

	/**
	 * Returns the defaults.
	 * @return options as an empty builder makes them
	 */
	public static PoolOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Starts from the defaults.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder(new Values());
	}

	/**
	 * Starts from these options.
	 * @return a new builder with all values of this
	 */
	public Builder toBuilder() {
		return new Builder(this.values.copy());
	}

	/**
	 * The name of the pool: lower-case letters, digits and dashes.
	 * @return the value of {@code name}
	 */
	public String name() {
		return this.values.name;
	}

	/**
	 * How long a task may run, from when the child begins it. {@code null}: without
	 * limit.
	 * @return the value of {@code task-timeout}
	 */
	public @Nullable Duration taskTimeout() {
		return this.values.taskTimeout;
	}

	/**
	 * How long creating and initializing a worker may take.
	 * @return the value of {@code init-timeout}
	 */
	public Duration initTimeout() {
		return this.values.initTimeout;
	}

	/**
	 * How long the cleanup of a worker may take before its process is killed.
	 * @return the value of {@code cleanup-timeout}
	 */
	public Duration cleanupTimeout() {
		return this.values.cleanupTimeout;
	}

	/**
	 * How long a process may take from launch until it connects.
	 * @return the value of {@code start-timeout}
	 */
	public Duration startTimeout() {
		return this.values.startTimeout;
	}

	/**
	 * How long {@link ProcessPool#close} waits for accepted tasks; zero does not wait.
	 * @return the value of {@code drain-timeout}
	 */
	public Duration drainTimeout() {
		return this.values.drainTimeout;
	}

	/**
	 * How long an interrupted task has to end before its process is killed.
	 * @return the value of {@code kill-grace}
	 */
	public Duration killGrace() {
		return this.values.killGrace;
	}

	/**
	 * How often a task may be begun. 1: it is never tried again.
	 * @return the value of {@code retry.max-attempts}
	 */
	public int retryMaxAttempts() {
		return this.values.retryMaxAttempts;
	}

	/**
	 * After what a task that had begun is tried again.
	 * @return the value of {@code retry.on}
	 */
	public Set<RetryCause> retryOn() {
		return this.values.retryOn;
	}

	/**
	 * How many unplanned restarts are allowed within {@code restart.period}; one more and
	 * the pool fails.
	 * @return the value of {@code restart.intensity}
	 */
	public int restartIntensity() {
		return this.values.restartIntensity;
	}

	/**
	 * The time in which unplanned restarts are counted, and after which a worker counts
	 * as healthy.
	 * @return the value of {@code restart.period}
	 */
	public Duration restartPeriod() {
		return this.values.restartPeriod;
	}

	/**
	 * The pause before a seat's second restart in a row; doubled with each one more. The
	 * first is made at once.
	 * @return the value of {@code restart.backoff}
	 */
	public Duration restartBackoff() {
		return this.values.restartBackoff;
	}

	/**
	 * The longest pause before a restart.
	 * @return the value of {@code restart.max-backoff}
	 */
	public Duration restartMaxBackoff() {
		return this.values.restartMaxBackoff;
	}

	/**
	 * After how many tasks a process is recycled. {@code null}: without limit.
	 * @return the value of {@code max-tasks-per-worker}
	 */
	public @Nullable Integer maxTasksPerWorker() {
		return this.values.maxTasksPerWorker;
	}

	/**
	 * After which time a process is recycled. {@code null}: without limit.
	 * @return the value of {@code max-lifetime}
	 */
	public @Nullable Duration maxLifetime() {
		return this.values.maxLifetime;
	}

	/**
	 * By which share (0 to 1) the limits of tasks and lifetime vary from worker to
	 * worker, so that they are not recycled all at once.
	 * @return the value of {@code jitter}
	 */
	public double jitter() {
		return this.values.jitter;
	}

	/**
	 * At which resident memory, in bytes, a process is recycled. {@code null}: without
	 * limit.
	 * @return the value of {@code max-rss}
	 */
	public @Nullable Long maxRss() {
		return this.values.maxRss;
	}

	/**
	 * How many booted, connected processes wait to take over a dead worker's seat.
	 * @return the value of {@code spares}
	 */
	public int spares() {
		return this.values.spares;
	}

	/**
	 * How many tasks a child may hold beyond the running one. {@code null}: chosen from
	 * the measured service time.
	 * @return the value of {@code prefetch}
	 */
	public @Nullable Integer prefetch() {
		return this.values.prefetch;
	}

	/**
	 * The bound of an imap on inputs pulled and results not yet taken. {@code null}: a
	 * small multiple of the number of processes, chosen from the measured service time.
	 * @return the value of {@code max-in-flight}
	 */
	public @Nullable Integer maxInFlight() {
		return this.values.maxInFlight;
	}

	/**
	 * The largest encoded input or output, in bytes.
	 * @return the value of {@code max-payload}
	 */
	public long maxPayload() {
		return this.values.maxPayload;
	}

	/**
	 * How values are encoded: {@code auto}, or the name of a class that implements
	 * {@code io.vimap.protocol.PayloadCodec}.
	 * @return the value of {@code codec}
	 */
	public String codec() {
		return this.values.codec;
	}

	/**
	 * Arguments for the child's JVM; they override the defaults.
	 * @return the value of {@code jvm-args}
	 */
	public List<String> jvmArgs() {
		return this.values.jvmArgs;
	}

	/**
	 * Variables added to the child's environment.
	 * @return the value of {@code environment}
	 */
	public Map<String, String> environment() {
		return this.values.environment;
	}

	/**
	 * The child's working directory. {@code null}: the parent's.
	 * @return the value of {@code working-directory}
	 */
	public @Nullable Path workingDirectory() {
		return this.values.workingDirectory;
	}

	/**
	 * A command that wraps the child's own, such as {@code nice -n 10}.
	 * @return the value of {@code command-prefix}
	 */
	public List<String> commandPrefix() {
		return this.values.commandPrefix;
	}

	/**
	 * The Java installation of the child. {@code null}: the parent's.
	 * @return the value of {@code java-home}
	 */
	public @Nullable Path javaHome() {
		return this.values.javaHome;
	}

	/**
	 * The child's class path. Empty: the parent's.
	 * @return the value of {@code class-path}
	 */
	public List<String> classPath() {
		return this.values.classPath;
	}

	/**
	 * Where the child's standard output and error go.
	 * @return the value of {@code output}
	 */
	public OutputMode output() {
		return this.values.output;
	}

	/**
	 * Whether children share an archive of loaded classes.
	 * @return the value of {@code class-archive}
	 */
	public ClassArchiveMode classArchive() {
		return this.values.classArchive;
	}

	/**
	 * Whether the processes are forked when the pool is created.
	 * @return the value of {@code auto-start}
	 */
	public boolean autoStart() {
		return this.values.autoStart;
	}

	/**
	 * Where the workers run.
	 * @return the value of {@code mode}
	 */
	public PoolMode mode() {
		return this.values.mode;
	}

	/**
	 * Whether an imap closes the pool when it ends, unless it says otherwise.
	 * @return the value of {@code close-when-done}
	 */
	public boolean closeWhenDone() {
		return this.values.closeWhenDone;
	}

	/**
	 * Who hears what happens in the pool.
	 * @return the value of {@code listeners}
	 */
	public List<PoolListener> listeners() {
		return this.values.listeners;
	}

	/**
	 * Captures, on the thread that sends a task, what travels with it to a
	 * {@code ContextualWorker}. {@code null}: nothing.
	 * @return the value of {@code taskContext}
	 */
	public @Nullable Supplier<Map<String, String>> taskContext() {
		return this.values.taskContext;
	}

	/**
	 * The values of all options, at first the defaults. A builder has one that it
	 * changes, and gives copies away.
	 */
	private static final class Values implements Cloneable {

		String name = "pool";

		@Nullable Duration taskTimeout = null;

		Duration initTimeout = Duration.ofSeconds(60);

		Duration cleanupTimeout = Duration.ofSeconds(10);

		Duration startTimeout = Duration.ofSeconds(60);

		Duration drainTimeout = Duration.ofSeconds(20);

		Duration killGrace = Duration.ofSeconds(1);

		int retryMaxAttempts = 1;

		Set<RetryCause> retryOn = Collections.unmodifiableSet(EnumSet.allOf(RetryCause.class));

		int restartIntensity = 5;

		Duration restartPeriod = Duration.ofSeconds(30);

		Duration restartBackoff = Duration.ofMillis(100);

		Duration restartMaxBackoff = Duration.ofSeconds(30);

		@Nullable Integer maxTasksPerWorker = null;

		@Nullable Duration maxLifetime = null;

		double jitter = 0.1;

		@Nullable Long maxRss = null;

		int spares = 0;

		@Nullable Integer prefetch = null;

		@Nullable Integer maxInFlight = null;

		long maxPayload = 64L * 1024 * 1024;

		String codec = "auto";

		List<String> jvmArgs = List.of();

		Map<String, String> environment = Map.of();

		@Nullable Path workingDirectory = null;

		List<String> commandPrefix = List.of();

		@Nullable Path javaHome = null;

		List<String> classPath = List.of();

		OutputMode output = OutputMode.LOG;

		ClassArchiveMode classArchive = ClassArchiveMode.AUTO;

		boolean autoStart = true;

		PoolMode mode = PoolMode.FORKED;

		boolean closeWhenDone = true;

		List<PoolListener> listeners = List.of();

		@Nullable Supplier<Map<String, String>> taskContext;

		Values copy() {
			try {
				return (Values) clone();
			}
			catch (CloneNotSupportedException ex) {
				throw new AssertionError(ex);
			}
		}

	}

	/**
	 * Collects and checks options. A bad value is refused at once with an
	 * {@link IllegalArgumentException} that names the property, the value and what is
	 * allowed; {@code null} with a {@link NullPointerException} that names the property,
	 * unless it is allowed. No duration may be longer than 36500 days. Not safe for use
	 * by several threads.
	 */
	public static final class Builder {

		private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");

		private static final Pattern VARIABLE = Pattern.compile("[^=\\x00]+");

		private static final long LARGEST_PAYLOAD = 1024L * 1024 * 1024;

		/** Counted in nanoseconds, a long overflows after 292 years. */
		private static final Duration LONGEST = Duration.ofDays(36_500);

		private final Values values;

		private Builder(Values values) {
			this.values = values;
		}

		/**
		 * The name of the pool: lower-case letters, digits and dashes.
		 * @param name the new value
		 * @return this builder
		 */
		public Builder name(String name) {
			require(NAME.matcher(present("name", name)).matches(), "name", name,
					"lower-case letters, digits and dashes, starting with a letter or digit");
			this.values.name = name;
			return this;
		}

		/**
		 * How long a task may run, from when the child begins it. {@code null}: without
		 * limit.
		 * @param taskTimeout the new value
		 * @return this builder
		 */
		public Builder taskTimeout(@Nullable Duration taskTimeout) {
			this.values.taskTimeout = (taskTimeout != null) ? checked("task-timeout", taskTimeout, Duration.ofNanos(1),
					"a duration longer than zero; leave it out for no limit") : null;
			return this;
		}

		/**
		 * How long creating and initializing a worker may take.
		 * @param initTimeout the new value
		 * @return this builder
		 */
		public Builder initTimeout(Duration initTimeout) {
			this.values.initTimeout = checked("init-timeout", initTimeout, Duration.ofNanos(1),
					"a duration longer than zero");
			return this;
		}

		/**
		 * How long the cleanup of a worker may take before its process is killed.
		 * @param cleanupTimeout the new value
		 * @return this builder
		 */
		public Builder cleanupTimeout(Duration cleanupTimeout) {
			this.values.cleanupTimeout = checked("cleanup-timeout", cleanupTimeout, Duration.ofNanos(1),
					"a duration longer than zero");
			return this;
		}

		/**
		 * How long a process may take from launch until it connects.
		 * @param startTimeout the new value
		 * @return this builder
		 */
		public Builder startTimeout(Duration startTimeout) {
			this.values.startTimeout = checked("start-timeout", startTimeout, Duration.ofNanos(1),
					"a duration longer than zero");
			return this;
		}

		/**
		 * How long {@link ProcessPool#close} waits for accepted tasks; zero does not
		 * wait.
		 * @param drainTimeout the new value
		 * @return this builder
		 */
		public Builder drainTimeout(Duration drainTimeout) {
			this.values.drainTimeout = checked("drain-timeout", drainTimeout, Duration.ZERO,
					"a duration of zero or more");
			return this;
		}

		/**
		 * How long an interrupted task has to end before its process is killed.
		 * @param killGrace the new value
		 * @return this builder
		 */
		public Builder killGrace(Duration killGrace) {
			this.values.killGrace = checked("kill-grace", killGrace, Duration.ZERO, "a duration of zero or more");
			return this;
		}

		/**
		 * How often a task may be begun. 1: it is never tried again.
		 * @param retryMaxAttempts the new value
		 * @return this builder
		 */
		public Builder retryMaxAttempts(int retryMaxAttempts) {
			require(retryMaxAttempts >= 1, "retry.max-attempts", retryMaxAttempts, "a whole number of at least 1");
			this.values.retryMaxAttempts = retryMaxAttempts;
			return this;
		}

		/**
		 * After what a task that had begun is tried again.
		 * @param retryOn the new value
		 * @return this builder
		 */
		public Builder retryOn(Set<RetryCause> retryOn) {
			this.values.retryOn = Set.copyOf(present("retry.on", retryOn));
			return this;
		}

		/**
		 * How many unplanned restarts are allowed within {@code restart.period}; one more
		 * and the pool fails.
		 * @param restartIntensity the new value
		 * @return this builder
		 */
		public Builder restartIntensity(int restartIntensity) {
			require(restartIntensity >= 0, "restart.intensity", restartIntensity, "a whole number of at least 0");
			this.values.restartIntensity = restartIntensity;
			return this;
		}

		/**
		 * The time in which unplanned restarts are counted, and after which a worker
		 * counts as healthy.
		 * @param restartPeriod the new value
		 * @return this builder
		 */
		public Builder restartPeriod(Duration restartPeriod) {
			this.values.restartPeriod = checked("restart.period", restartPeriod, Duration.ofNanos(1),
					"a duration longer than zero");
			return this;
		}

		/**
		 * The pause before a seat's second restart in a row; doubled with each one more.
		 * The first is made at once.
		 * @param restartBackoff the new value
		 * @return this builder
		 */
		public Builder restartBackoff(Duration restartBackoff) {
			this.values.restartBackoff = checked("restart.backoff", restartBackoff, Duration.ZERO,
					"a duration of zero or more");
			return this;
		}

		/**
		 * The longest pause before a restart.
		 * @param restartMaxBackoff the new value
		 * @return this builder
		 */
		public Builder restartMaxBackoff(Duration restartMaxBackoff) {
			this.values.restartMaxBackoff = checked("restart.max-backoff", restartMaxBackoff, Duration.ZERO,
					"a duration of zero or more");
			return this;
		}

		/**
		 * After how many tasks a process is recycled. {@code null}: without limit.
		 * @param maxTasksPerWorker the new value
		 * @return this builder
		 */
		public Builder maxTasksPerWorker(@Nullable Integer maxTasksPerWorker) {
			require(maxTasksPerWorker == null || maxTasksPerWorker >= 1, "max-tasks-per-worker", maxTasksPerWorker,
					"a whole number of at least 1; leave it out for no limit");
			this.values.maxTasksPerWorker = maxTasksPerWorker;
			return this;
		}

		/**
		 * After which time a process is recycled. {@code null}: without limit.
		 * @param maxLifetime the new value
		 * @return this builder
		 */
		public Builder maxLifetime(@Nullable Duration maxLifetime) {
			this.values.maxLifetime = (maxLifetime != null) ? checked("max-lifetime", maxLifetime, Duration.ofNanos(1),
					"a duration longer than zero; leave it out for no limit") : null;
			return this;
		}

		/**
		 * By which share (0 to 1) the limits of tasks and lifetime vary from worker to
		 * worker, so that they are not recycled all at once.
		 * @param jitter the new value
		 * @return this builder
		 */
		public Builder jitter(double jitter) {
			require(jitter >= 0 && jitter <= 1, "jitter", jitter, "a share from 0 to 1");
			this.values.jitter = jitter;
			return this;
		}

		/**
		 * At which resident memory, in bytes, a process is recycled. {@code null}:
		 * without limit.
		 * @param maxRss the new value
		 * @return this builder
		 */
		public Builder maxRss(@Nullable Long maxRss) {
			require(maxRss == null || maxRss >= 1, "max-rss", maxRss,
					"a whole number of at least 1; leave it out for no limit");
			this.values.maxRss = maxRss;
			return this;
		}

		/**
		 * How many booted, connected processes wait to take over a dead worker's seat.
		 * @param spares the new value
		 * @return this builder
		 */
		public Builder spares(int spares) {
			require(spares >= 0, "spares", spares, "a whole number of at least 0");
			this.values.spares = spares;
			return this;
		}

		/**
		 * How many tasks a child may hold beyond the running one. {@code null}: chosen
		 * from the measured service time.
		 * @param prefetch the new value
		 * @return this builder
		 */
		public Builder prefetch(@Nullable Integer prefetch) {
			require(prefetch == null || prefetch >= 0, "prefetch", prefetch,
					"a whole number of at least 0; leave it out to have it chosen");
			this.values.prefetch = prefetch;
			return this;
		}

		/**
		 * The bound of an imap on inputs pulled and results not yet taken. {@code null}:
		 * a small multiple of the number of processes, chosen from the measured service
		 * time.
		 * @param maxInFlight the new value
		 * @return this builder
		 */
		public Builder maxInFlight(@Nullable Integer maxInFlight) {
			require(maxInFlight == null || maxInFlight >= 1, "max-in-flight", maxInFlight,
					"a whole number of at least 1; leave it out for no limit");
			this.values.maxInFlight = maxInFlight;
			return this;
		}

		/**
		 * The largest encoded input or output, in bytes.
		 * @param maxPayload the new value
		 * @return this builder
		 */
		public Builder maxPayload(long maxPayload) {
			require(maxPayload >= 1 && maxPayload <= LARGEST_PAYLOAD, "max-payload", maxPayload, "1 byte to 1 GiB");
			this.values.maxPayload = maxPayload;
			return this;
		}

		/**
		 * How values are encoded: {@code auto}, or the name of a class that implements
		 * {@code io.vimap.protocol.PayloadCodec}.
		 * @param codec the new value
		 * @return this builder
		 */
		public Builder codec(String codec) {
			require(!present("codec", codec).isBlank(), "codec", codec, "'auto' or a class name");
			this.values.codec = codec;
			return this;
		}

		/**
		 * Arguments for the child's JVM; they override the defaults.
		 * @param jvmArgs the new value
		 * @return this builder
		 */
		public Builder jvmArgs(List<String> jvmArgs) {
			this.values.jvmArgs = elements("jvm-args", jvmArgs);
			return this;
		}

		/**
		 * Variables added to the child's environment.
		 * @param environment the new value
		 * @return this builder
		 */
		public Builder environment(Map<String, String> environment) {
			present("environment", environment).forEach((variable, value) -> {
				present("environment." + variable, value);
				require(VARIABLE.matcher(present("environment", variable)).matches(), "environment", variable,
						"names of variables, without '='");
			});
			this.values.environment = Map.copyOf(environment);
			return this;
		}

		/**
		 * The child's working directory. {@code null}: the parent's.
		 * @param workingDirectory the new value
		 * @return this builder
		 */
		public Builder workingDirectory(@Nullable Path workingDirectory) {
			this.values.workingDirectory = workingDirectory;
			return this;
		}

		/**
		 * A command that wraps the child's own, such as {@code nice -n 10}.
		 * @param commandPrefix the new value
		 * @return this builder
		 */
		public Builder commandPrefix(List<String> commandPrefix) {
			this.values.commandPrefix = elements("command-prefix", commandPrefix);
			return this;
		}

		/**
		 * The Java installation of the child. {@code null}: the parent's.
		 * @param javaHome the new value
		 * @return this builder
		 */
		public Builder javaHome(@Nullable Path javaHome) {
			this.values.javaHome = javaHome;
			return this;
		}

		/**
		 * The child's class path. Empty: the parent's.
		 * @param classPath the new value
		 * @return this builder
		 */
		public Builder classPath(List<String> classPath) {
			this.values.classPath = elements("class-path", classPath);
			return this;
		}

		/**
		 * Where the child's standard output and error go.
		 * @param output the new value
		 * @return this builder
		 */
		public Builder output(OutputMode output) {
			this.values.output = present("output", output);
			return this;
		}

		/**
		 * Whether children share an archive of loaded classes.
		 * @param classArchive the new value
		 * @return this builder
		 */
		public Builder classArchive(ClassArchiveMode classArchive) {
			this.values.classArchive = present("class-archive", classArchive);
			return this;
		}

		/**
		 * Whether the processes are forked when the pool is created.
		 * @param autoStart the new value
		 * @return this builder
		 */
		public Builder autoStart(boolean autoStart) {
			this.values.autoStart = autoStart;
			return this;
		}

		/**
		 * Where the workers run.
		 * @param mode the new value
		 * @return this builder
		 */
		public Builder mode(PoolMode mode) {
			this.values.mode = present("mode", mode);
			return this;
		}

		/**
		 * Whether an imap closes the pool when it ends, unless it says otherwise.
		 * @param closeWhenDone the new value
		 * @return this builder
		 */
		public Builder closeWhenDone(boolean closeWhenDone) {
			this.values.closeWhenDone = closeWhenDone;
			return this;
		}

		/**
		 * Who hears what happens in the pool.
		 * @param listeners the new value
		 * @return this builder
		 */
		public Builder listeners(List<PoolListener> listeners) {
			this.values.listeners = elements("listeners", listeners);
			return this;
		}

		/**
		 * Captures, on the thread that sends a task, what travels with it to a
		 * {@code ContextualWorker}. {@code null}: nothing.
		 * @param taskContext called once per task; must be quick
		 * @return this builder
		 */
		public Builder taskContext(@Nullable Supplier<Map<String, String>> taskContext) {
			this.values.taskContext = taskContext;
			return this;
		}

		/**
		 * Builds the options.
		 * @return immutable options
		 */
		public PoolOptions build() {
			return new PoolOptions(this.values.copy());
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

}
