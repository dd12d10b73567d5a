package io.vimap.boot.child;

import java.util.Iterator;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * Logback as Spring Boot sets it up for an application without a configuration file.
 */
final class ChildLogbackLoggingSystem extends LogbackLoggingSystem {

	private final boolean marked;

	/**
	 * Creates a logging system.
	 * @param classLoader the loader of the application's classes
	 * @param marked whether lines are marked with their level
	 */
	ChildLogbackLoggingSystem(ClassLoader classLoader, boolean marked) {
		super(classLoader);
		this.marked = marked;
	}

	@Override
	protected String[] getStandardConfigLocations() {
		return new String[0];
	}

	@Override
	protected String[] getSpringConfigLocations() {
		return new String[0];
	}

	@Override
	protected void loadDefaults(LoggingInitializationContext context, @Nullable LogFile logFile) {
		super.loadDefaults(context, logFile);
		if (this.marked && LoggerFactory.getLogger(ROOT_LOGGER_NAME) instanceof Logger root) {
			Iterator<Appender<ILoggingEvent>> appenders = root.iteratorForAppenders();
			while (appenders.hasNext()) {
				if (appenders.next() instanceof OutputStreamAppender<ILoggingEvent> console) {
					console.setEncoder(new MarkedLinesEncoder(console.getEncoder()));
				}
			}
		}
	}

}
