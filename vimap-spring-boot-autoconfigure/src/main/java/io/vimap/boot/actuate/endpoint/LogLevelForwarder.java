package io.vimap.boot.actuate.endpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.vimap.boot.ProcessPools;
import io.vimap.boot.child.LogLevels;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * A logging system that also tells the workers of all pools what level a logger has got.
 */
final class LogLevelForwarder extends LoggingSystem {

	private final LoggingSystem delegate;

	private final ProcessPools pools;

	/**
	 * Guarded by itself. All changes so far: only the last notice reaches a new worker.
	 */
	private final Map<String, @Nullable LogLevel> changes = new LinkedHashMap<>();

	LogLevelForwarder(LoggingSystem delegate, ProcessPools pools) {
		this.delegate = delegate;
		this.pools = pools;
	}

	@Override
	public void beforeInitialize() {
		this.delegate.beforeInitialize();
	}

	@Override
	public void setLogLevel(@Nullable String loggerName, @Nullable LogLevel level) {
		this.delegate.setLogLevel(loggerName, level);
		synchronized (this.changes) {
			this.changes.put((loggerName != null) ? loggerName : ROOT_LOGGER_NAME, level);
			String notice = LogLevels.format(this.changes);
			this.pools.names().forEach((name) -> this.pools.get(name).signal(LogLevels.SIGNAL, notice));
		}
	}

	@Override
	public Set<LogLevel> getSupportedLogLevels() {
		return this.delegate.getSupportedLogLevels();
	}

	@Override
	public List<LoggerConfiguration> getLoggerConfigurations() {
		return this.delegate.getLoggerConfigurations();
	}

	@Override
	public @Nullable LoggerConfiguration getLoggerConfiguration(String loggerName) {
		return this.delegate.getLoggerConfiguration(loggerName);
	}

}
