package io.vimap.boot.autoconfigure;

import io.vimap.boot.ProcessPools;
import io.vimap.boot.actuate.endpoint.LoggersEndpointPostProcessor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for levels of loggers that reach
 * worker processes when they are changed through the {@link LoggersEndpoint}.
 */
@AutoConfiguration(after = ProcessPoolAutoConfiguration.class)
@ConditionalOnClass(LoggersEndpoint.class)
@ConditionalOnBean(ProcessPools.class)
public final class ProcessPoolLoggersAutoConfiguration {

	ProcessPoolLoggersAutoConfiguration() {
	}

	@Bean
	static LoggersEndpointPostProcessor vimapLoggersEndpointPostProcessor(ObjectProvider<LoggingSystem> loggingSystem,
			ObjectProvider<LoggerGroups> loggerGroups, ObjectProvider<ProcessPools> pools) {
		return new LoggersEndpointPostProcessor(loggingSystem, loggerGroups, pools);
	}

}
