package io.vimap.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How a pool behaves. Immutable; every value has been checked.
 */
public final class PoolOptions {

	/**
	 * More processes than this no pool may have: a number that is mistyped must not cost
	 * the application its memory.
	 */
	public static final int MOST_PROCESSES = 10_000;

	private static final PoolOptions DEFAULTS = builder().build();

	/** Not changed any more. */
	private final OptionValues values;

	private PoolOptions(OptionValues values) {
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
		return new Builder(new OptionValues());
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
	 * How long an interrupted task has to end before its process is killed. The process
	 * has as long to interrupt it and tell its stack, and at least a second.
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
	 * as healthy. While no worker is ready, restarts count however long ago they were.
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
	 * At which resident memory, in bytes, a process is recycled; what it has touched of
	 * mapped files, among them the one for large values, counts. {@code null}: without
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
	 * Captures what travels with a task to a {@code ContextualWorker}: on the thread that
	 * submits it, or that reads the imap and pulls its input; with a feeder once, when
	 * reading begins. {@code null}: nothing.
	 * @return the value of {@code taskContext}
	 */
	public @Nullable Supplier<Map<String, String>> taskContext() {
		return this.values.taskContext;
	}

	/**
	 * Collects and checks options. A bad value is refused at once with an
	 * {@link IllegalArgumentException} that names the property, the value and what is
	 * allowed; {@code null} with a {@link NullPointerException} that names the property,
	 * unless it is allowed. No duration may be longer than 36500 days. Not safe for use
	 * by several threads.
	 */
	public static final class Builder extends PoolOptionsBuilder {

		private Builder(OptionValues values) {
			super(values);
		}

		/**
		 * Builds the options.
		 * @return immutable options
		 */
		public PoolOptions build() {
			return new PoolOptions(this.values.copy());
		}

	}

}
