package io.vimap.boot.child;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Logging in a worker process: to standard output, with the parent's levels. The parent
 * adds time and process to each line, so they are left out here; the caller's logging
 * context is in it. With Logback warnings and errors are marked as such for the parent.
 * The application's own logging configuration is not used, because its files belong to
 * the parent.
 */
final class ChildLogging {

	/** Whether this process's logging is set up here. Any thread. */
	private static volatile boolean claimed;

	private final ConfigurableEnvironment environment;

	private final ClassLoader classLoader;

	private final boolean logback;

	private final LoggingSystem system;

	private final LogSettings settings;

	ChildLogging(ConfigurableEnvironment environment, ClassLoader classLoader, LogSettings settings) {
		this.classLoader = classLoader;
		this.settings = settings;
		LoggingSystem detected = LoggingSystem.get(classLoader);
		this.logback = detected.getClass().getSimpleName().equals("LogbackLoggingSystem");
		this.system = this.logback ? new ChildLogbackLoggingSystem(classLoader, settings.marked()) : detected;
		this.environment = loggingEnvironment(environment);
	}

	/**
	 * Announces that logging will be set up here, so that Logback doesn't do it by itself
	 * at its first use: that takes a fifth of the time in which a child starts, and would
	 * open the files named in the application's {@code logback.xml}. To be called before
	 * anything of Spring is used: most of its classes have a logger.
	 */
	static void claim() {
		claimed = true;
	}

	static boolean isClaimed() {
		return claimed;
	}

	private ConfigurableEnvironment loggingEnvironment(ConfigurableEnvironment environment) {
		Map<String, Object> own = new HashMap<>();
		own.put("logging.pattern.console",
				this.logback ? "%-5p [%t]%replace( [%X]){' \\[\\]', ''} %-40.40logger{39} : %m%n%wEx"
						: "%-5p [%t] %X %c{1.} : %m%n%xwEx");
		own.put("logging.structured.format.console", "");
		// What the parent keeps off its console may be for its log file.
		own.put("logging.console.enabled", true);
		own.put("logging.threshold.console", "trace");
		own.put("logging.charset.console", "UTF-8");
		ConfigurableEnvironment result = new StandardEnvironment();
		result.getPropertySources().forEach((source) -> result.getPropertySources().remove(source.getName()));
		environment.getPropertySources().forEach(result.getPropertySources()::addLast);
		result.getPropertySources().addFirst(new MapPropertySource("vimapLogging", own));
		return result;
	}

	/**
	 * Sets logging up.
	 */
	void initialize() {
		this.system.beforeInitialize();
		claimed = false;
		this.system.getSystemProperties(this.environment).apply();
		this.system.initialize(new LoggingInitializationContext(this.environment), standardConfiguration(), null);
		this.settings.levels().forEach((name, level) -> this.system.setLogLevel(name, LogLevel.valueOf(level)));
	}

	private @Nullable String standardConfiguration() {
		if (this.logback) {
			return null;
		}
		return ClassUtils.isPresent("org.apache.logging.log4j.core.LoggerContext", this.classLoader)
				? "classpath:org/springframework/boot/logging/log4j2/log4j2.xml"
				: "classpath:org/springframework/boot/logging/java/logging.properties";
	}

	/**
	 * Sets levels that have changed in the parent.
	 * @param notice what {@link LogLevels#format} wrote there
	 */
	void apply(String notice) {
		LogLevels.apply(notice, this.system);
	}

}
