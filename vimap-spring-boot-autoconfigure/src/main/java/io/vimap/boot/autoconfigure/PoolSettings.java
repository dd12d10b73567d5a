package io.vimap.boot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.vimap.pool.RetryCause;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Properties of a pool that can be given for one pool and for all of them. What is
 * {@code null} is not set: a pool then takes the value of {@code vimap.defaults} and
 * after that the default of the engine.
 */
public class PoolSettings extends ProcessSettings {

	/**
	 * Number of worker processes. The number of available processors if not set.
	 */
	private @Nullable Integer processes;

	/**
	 * Arguments that are bound once to each worker, when its process starts.
	 */
	private Map<String, Object> initArgs = new LinkedHashMap<>();

	/**
	 * Time a task may run, from when a worker begins it. Without limit if not set.
	 */
	private @Nullable Duration taskTimeout;

	/**
	 * Time that creating and initializing a worker may take.
	 */
	private @Nullable Duration initTimeout;

	/**
	 * Time that the cleanup of a worker may take before its process is killed.
	 */
	private @Nullable Duration cleanupTimeout;

	/**
	 * Time a worker process may take from launch until it connects.
	 */
	private @Nullable Duration startTimeout;

	/**
	 * Time that stopping the pool waits for accepted tasks.
	 */
	private @Nullable Duration drainTimeout;

	/**
	 * Time an interrupted task has to end before its process is killed.
	 */
	private @Nullable Duration killGrace;

	private final Retry retry = new Retry();

	private final Restart restart = new Restart();

	/**
	 * Number of tasks after which a worker process is recycled. Without limit if not set.
	 */
	private @Nullable Integer maxTasksPerWorker;

	/**
	 * Time after which a worker process is recycled. Without limit if not set.
	 */
	private @Nullable Duration maxLifetime;

	/**
	 * Share, from 0 to 1, by which the limits of tasks and lifetime vary from worker to
	 * worker.
	 */
	private @Nullable Double jitter;

	/**
	 * Resident memory at which a worker process is recycled, what it has touched of
	 * mapped files included. Without limit if not set.
	 */
	private @Nullable DataSize maxRss;

	/**
	 * Number of booted processes that wait to take over the seat of a dead worker.
	 */
	private @Nullable Integer spares;

	/**
	 * Number of tasks a worker process may hold beyond the running one. Chosen from the
	 * measured service time if not set.
	 */
	private @Nullable Integer prefetch;

	/**
	 * Bound of an imap on inputs pulled and results not yet taken. Chosen from the number
	 * of processes if not set.
	 */
	private @Nullable Integer maxInFlight;

	/**
	 * Largest encoded input or output.
	 */
	private @Nullable DataSize maxPayload;

	/**
	 * Whether the pool starts with the application.
	 */
	private @Nullable Boolean autoStart;

	/**
	 * Whether the application fails to start if the workers of the pool can't start.
	 */
	private @Nullable Boolean required;

	public @Nullable Integer getProcesses() {
		return this.processes;
	}

	public void setProcesses(@Nullable Integer processes) {
		this.processes = processes;
	}

	public Map<String, Object> getInitArgs() {
		return this.initArgs;
	}

	public void setInitArgs(Map<String, Object> initArgs) {
		this.initArgs = initArgs;
	}

	public @Nullable Duration getTaskTimeout() {
		return this.taskTimeout;
	}

	public void setTaskTimeout(@Nullable Duration taskTimeout) {
		this.taskTimeout = taskTimeout;
	}

	public @Nullable Duration getInitTimeout() {
		return this.initTimeout;
	}

	public void setInitTimeout(@Nullable Duration initTimeout) {
		this.initTimeout = initTimeout;
	}

	public @Nullable Duration getCleanupTimeout() {
		return this.cleanupTimeout;
	}

	public void setCleanupTimeout(@Nullable Duration cleanupTimeout) {
		this.cleanupTimeout = cleanupTimeout;
	}

	public @Nullable Duration getStartTimeout() {
		return this.startTimeout;
	}

	public void setStartTimeout(@Nullable Duration startTimeout) {
		this.startTimeout = startTimeout;
	}

	public @Nullable Duration getDrainTimeout() {
		return this.drainTimeout;
	}

	public void setDrainTimeout(@Nullable Duration drainTimeout) {
		this.drainTimeout = drainTimeout;
	}

	public @Nullable Duration getKillGrace() {
		return this.killGrace;
	}

	public void setKillGrace(@Nullable Duration killGrace) {
		this.killGrace = killGrace;
	}

	public Retry getRetry() {
		return this.retry;
	}

	public Restart getRestart() {
		return this.restart;
	}

	public @Nullable Integer getMaxTasksPerWorker() {
		return this.maxTasksPerWorker;
	}

	public void setMaxTasksPerWorker(@Nullable Integer maxTasksPerWorker) {
		this.maxTasksPerWorker = maxTasksPerWorker;
	}

	public @Nullable Duration getMaxLifetime() {
		return this.maxLifetime;
	}

	public void setMaxLifetime(@Nullable Duration maxLifetime) {
		this.maxLifetime = maxLifetime;
	}

	public @Nullable Double getJitter() {
		return this.jitter;
	}

	public void setJitter(@Nullable Double jitter) {
		this.jitter = jitter;
	}

	public @Nullable DataSize getMaxRss() {
		return this.maxRss;
	}

	public void setMaxRss(@Nullable DataSize maxRss) {
		this.maxRss = maxRss;
	}

	public @Nullable Integer getSpares() {
		return this.spares;
	}

	public void setSpares(@Nullable Integer spares) {
		this.spares = spares;
	}

	public @Nullable Integer getPrefetch() {
		return this.prefetch;
	}

	public void setPrefetch(@Nullable Integer prefetch) {
		this.prefetch = prefetch;
	}

	public @Nullable Integer getMaxInFlight() {
		return this.maxInFlight;
	}

	public void setMaxInFlight(@Nullable Integer maxInFlight) {
		this.maxInFlight = maxInFlight;
	}

	public @Nullable DataSize getMaxPayload() {
		return this.maxPayload;
	}

	public void setMaxPayload(@Nullable DataSize maxPayload) {
		this.maxPayload = maxPayload;
	}

	public @Nullable Boolean getAutoStart() {
		return this.autoStart;
	}

	public void setAutoStart(@Nullable Boolean autoStart) {
		this.autoStart = autoStart;
	}

	public @Nullable Boolean getRequired() {
		return this.required;
	}

	public void setRequired(@Nullable Boolean required) {
		this.required = required;
	}

	/**
	 * Which tasks are tried again.
	 */
	public static class Retry {

		/**
		 * Number of times a task may be begun. It is never tried again if 1.
		 */
		private @Nullable Integer maxAttempts;

		/**
		 * Causes after which a task that had begun is tried again.
		 */
		private @Nullable Set<RetryCause> on;

		private @Nullable Set<RetryCause> unquotedOn;

		public @Nullable Integer getMaxAttempts() {
			return this.maxAttempts;
		}

		public void setMaxAttempts(@Nullable Integer maxAttempts) {
			this.maxAttempts = maxAttempts;
		}

		public @Nullable Set<RetryCause> getOn() {
			return (this.on != null) ? this.on : this.unquotedOn;
		}

		public void setOn(@Nullable Set<RetryCause> on) {
			this.on = on;
		}

		/**
		 * Sets the causes. YAML reads an unquoted key {@code on} as {@code true}.
		 * @param on the causes
		 */
		public void setTrue(@Nullable Set<RetryCause> on) {
			this.unquotedOn = on;
		}

		@Nullable Set<RetryCause> unquotedOn() {
			return this.unquotedOn;
		}

	}

	/**
	 * How dead workers are replaced.
	 */
	public static class Restart {

		/**
		 * Number of unplanned restarts that are allowed within the period. One more and
		 * the pool fails.
		 */
		private @Nullable Integer intensity;

		/**
		 * Time in which unplanned restarts are counted, and after which a worker counts
		 * as healthy.
		 */
		private @Nullable Duration period;

		/**
		 * Pause before the second restart of a seat in a row. Doubled with each one more.
		 */
		private @Nullable Duration backoff;

		/**
		 * Longest pause before a restart.
		 */
		private @Nullable Duration maxBackoff;

		public @Nullable Integer getIntensity() {
			return this.intensity;
		}

		public void setIntensity(@Nullable Integer intensity) {
			this.intensity = intensity;
		}

		public @Nullable Duration getPeriod() {
			return this.period;
		}

		public void setPeriod(@Nullable Duration period) {
			this.period = period;
		}

		public @Nullable Duration getBackoff() {
			return this.backoff;
		}

		public void setBackoff(@Nullable Duration backoff) {
			this.backoff = backoff;
		}

		public @Nullable Duration getMaxBackoff() {
			return this.maxBackoff;
		}

		public void setMaxBackoff(@Nullable Duration maxBackoff) {
			this.maxBackoff = maxBackoff;
		}

	}

}
