package io.vimap.boot.autoconfigure;

import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

import io.vimap.boot.InvalidPoolException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.RetryCause;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Turns the properties of a pool and the defaults into options. What neither of them sets
 * is left to the engine. A value the engine refuses is reported with its property.
 */
final class PoolOptionsMapper {

	private static final Pattern INDEX = Pattern.compile("[0-9]+");

	private final String name;

	private final PoolSettings pool;

	private final PoolSettings defaults;

	private final PoolProperties properties;

	PoolOptionsMapper(String name, PoolSettings pool, PoolSettings defaults, PoolProperties properties) {
		this.name = name;
		this.pool = pool;
		this.defaults = defaults;
		this.properties = properties;
	}

	/**
	 * Builds options.
	 * @return a builder with all that is set
	 * @throws InvalidPoolException if a value is refused
	 */
	PoolOptions.Builder map() {
		PoolOptions.Builder options = PoolOptions.builder().name(this.name);
		mapTimes(options);
		mapRestarts(options);
		mapLimits(options);
		mapProcess(options);
		return options;
	}

	private void mapTimes(PoolOptions.Builder options) {
		set("task-timeout", PoolSettings::getTaskTimeout, options::taskTimeout);
		set("init-timeout", PoolSettings::getInitTimeout, options::initTimeout);
		set("cleanup-timeout", PoolSettings::getCleanupTimeout, options::cleanupTimeout);
		set("start-timeout", PoolSettings::getStartTimeout, options::startTimeout);
		set("drain-timeout", PoolSettings::getDrainTimeout, options::drainTimeout);
		set("kill-grace", PoolSettings::getKillGrace, options::killGrace);
		set("max-lifetime", PoolSettings::getMaxLifetime, options::maxLifetime);
	}

	private void mapRestarts(PoolOptions.Builder options) {
		set("retry.max-attempts", (settings) -> settings.getRetry().getMaxAttempts(), options::retryMaxAttempts);
		set("retry.on", this::retryOn, options::retryOn);
		set("restart.intensity", (settings) -> settings.getRestart().getIntensity(), options::restartIntensity);
		set("restart.period", (settings) -> settings.getRestart().getPeriod(), options::restartPeriod);
		set("restart.backoff", (settings) -> settings.getRestart().getBackoff(), options::restartBackoff);
		set("restart.max-backoff", (settings) -> settings.getRestart().getMaxBackoff(), options::restartMaxBackoff);
	}

	private @Nullable Set<RetryCause> retryOn(PoolSettings settings) {
		String prefix = (settings == this.pool) ? this.properties.prefix() : PoolProperties.DEFAULTS;
		PoolSettings.Retry retry = settings.getRetry();
		return UnquotedOn.counts(prefix, this.properties) ? retry.unquotedOn() : retry.getOn();
	}

	private void mapLimits(PoolOptions.Builder options) {
		set("max-tasks-per-worker", PoolSettings::getMaxTasksPerWorker, options::maxTasksPerWorker);
		set("jitter", PoolSettings::getJitter, options::jitter);
		set("max-rss", PoolSettings::getMaxRss, (size) -> options.maxRss(size.toBytes()));
		set("spares", PoolSettings::getSpares, options::spares);
		set("prefetch", PoolSettings::getPrefetch, options::prefetch);
		set("max-in-flight", PoolSettings::getMaxInFlight, options::maxInFlight);
		set("max-payload", PoolSettings::getMaxPayload, (DataSize size) -> options.maxPayload(size.toBytes()));
	}

	private void mapProcess(PoolOptions.Builder options) {
		set("codec", PoolSettings::getCodec, options::codec);
		set("jvm-args", PoolSettings::getJvmArgs, options::jvmArgs);
		set("working-directory", PoolSettings::getWorkingDirectory,
				(File file) -> options.workingDirectory(file.toPath()));
		set("command-prefix", PoolSettings::getCommandPrefix, options::commandPrefix);
		set("java-home", PoolSettings::getJavaHome, (File file) -> options.javaHome(file.toPath()));
		set("class-path", PoolSettings::getClassPath, options::classPath);
		set("output", PoolSettings::getOutput, options::output);
		set("class-archive", PoolSettings::getClassArchive, options::classArchive);
		set("mode", PoolSettings::getMode, options::mode);
		set("environment", this::environment, options::environment);
	}

	/** The settings of the pool come first, so this is asked only once. */
	private Map<String, String> environment(PoolSettings settings) {
		Map<String, String> environment = new LinkedHashMap<>(this.defaults.getEnvironment());
		environment.putAll(settings.getEnvironment());
		// Binding numbers the elements of a list.
		if (environment.keySet().stream().anyMatch((variable) -> INDEX.matcher(variable).matches())) {
			throw new InvalidPoolException(this.name, "'environment' is a map of variables, but a list is given.",
					"Write 'NAME: value' in place of '- NAME=value'.", this.properties.find("environment"), null);
		}
		return environment;
	}

	/**
	 * Returns a value of the pool, or else of the defaults, or else another.
	 * @param getter reads the value
	 * @param otherwise what to return if neither is set
	 * @param <T> the type of the value
	 * @return the value
	 */
	<T> T get(Function<PoolSettings, @Nullable T> getter, T otherwise) {
		T value = getOrNull(getter);
		return (value != null) ? value : otherwise;
	}

	private <T> @Nullable T getOrNull(Function<PoolSettings, @Nullable T> getter) {
		T own = getter.apply(this.pool);
		return (own != null) ? own : getter.apply(this.defaults);
	}

	private <T> void set(String property, Function<PoolSettings, @Nullable T> getter, Consumer<T> setter) {
		T value = getOrNull(getter);
		if (value != null) {
			try {
				setter.accept(value);
			}
			catch (IllegalArgumentException ex) {
				throw new InvalidPoolException(this.name, "the value of '" + property + "' is not allowed.",
						allowed(ex.getMessage()), this.properties.find(property), ex);
			}
		}
	}

	/** The engine ends its message with what is allowed. */
	private static String allowed(@Nullable String message) {
		String text = String.valueOf(message);
		int at = text.indexOf("Allowed: ");
		return (at >= 0) ? "Set it to " + text.substring(at + "Allowed: ".length()) : text;
	}

}
