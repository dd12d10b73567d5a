package io.vimap.boot.child;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Keeps Logback from setting itself up in a process where {@link ChildLogging} will.
 * Elsewhere it has no effect. Logback finds it as a service.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class ChildLogbackConfigurator extends ContextAwareBase implements Configurator {

	@Override
	public ExecutionStatus configure(LoggerContext context) {
		if (!ChildLogging.isClaimed()) {
			return ExecutionStatus.INVOKE_NEXT_IF_ANY;
		}
		context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
		return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
	}

}
