package io.vimap.boot.actuate.endpoint;

import io.vimap.boot.ProcessPools;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Lets the {@link LoggersEndpoint} reach the loggers of worker processes: what sets a
 * level through it, by whatever technology, sets it there too. A subclass of the endpoint
 * is left alone.
 */
public class LoggersEndpointPostProcessor implements BeanPostProcessor {

	private final ObjectProvider<LoggingSystem> loggingSystem;

	private final ObjectProvider<LoggerGroups> loggerGroups;

	private final ObjectProvider<ProcessPools> pools;

	/**
	 * Creates a post-processor.
	 * @param loggingSystem the logging system of this process
	 * @param loggerGroups the groups of loggers, if there are any
	 * @param pools the pools to tell
	 */
	public LoggersEndpointPostProcessor(ObjectProvider<LoggingSystem> loggingSystem,
			ObjectProvider<LoggerGroups> loggerGroups, ObjectProvider<ProcessPools> pools) {
		this.loggingSystem = loggingSystem;
		this.loggerGroups = loggerGroups;
		this.pools = pools;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		LoggingSystem system = (bean.getClass() == LoggersEndpoint.class) ? this.loggingSystem.getIfAvailable() : null;
		if (system == null) {
			return bean;
		}
		return new LoggersEndpoint(new LogLevelForwarder(system, this.pools.getObject()),
				this.loggerGroups.getIfAvailable(LoggerGroups::new));
	}

}
