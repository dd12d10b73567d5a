package io.vimap.boot.child;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * The levels of loggers as parent and child exchange them.
 */
public final class LogLevels {

	/**
	 * The topic of the notice that levels have changed. Its text is that of
	 * {@link #format}.
	 */
	public static final String SIGNAL = "log-level";

	private static final String UNSET = "-";

	private LogLevels() {
	}

	/**
	 * Returns the levels that are set on loggers of this process.
	 * @param system the logging system
	 * @return levels by logger name
	 */
	public static Map<String, String> of(LoggingSystem system) {
		Map<String, String> levels = new LinkedHashMap<>();
		for (LoggerConfiguration configuration : system.getLoggerConfigurations()) {
			LoggerConfiguration.LevelConfiguration level = configuration
				.getLevelConfiguration(LoggerConfiguration.ConfigurationScope.DIRECT);
			if (level != null && !level.isCustom()) {
				levels.put(configuration.getName(), level.getLevel().name());
			}
		}
		return levels;
	}

	/**
	 * Writes levels, one line for each.
	 * @param levels levels by logger name; {@code null} for a logger that has none of its
	 * own any more
	 * @return the text
	 */
	public static String format(Map<String, @Nullable LogLevel> levels) {
		StringBuilder text = new StringBuilder();
		levels.forEach((name,
				level) -> text.append(name).append('=').append((level != null) ? level.name() : UNSET).append('\n'));
		return text.toString();
	}

	/**
	 * Sets the levels of a text on the loggers of this process.
	 * @param text what {@link #format} wrote
	 * @param system the logging system
	 */
	static void apply(String text, LoggingSystem system) {
		text.lines().forEach((line) -> {
			int equals = line.lastIndexOf('=');
			String level = line.substring(equals + 1);
			system.setLogLevel(line.substring(0, equals), UNSET.equals(level) ? null : LogLevel.valueOf(level));
		});
	}

}
