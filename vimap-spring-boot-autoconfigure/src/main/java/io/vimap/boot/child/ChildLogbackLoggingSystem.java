package io.vimap.boot.child;

import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * Logback as Spring Boot sets it up for an application without a configuration file.
 */
final class ChildLogbackLoggingSystem extends LogbackLoggingSystem {

	ChildLogbackLoggingSystem(ClassLoader classLoader) {
		super(classLoader);
	}

	@Override
	protected String[] getStandardConfigLocations() {
		return new String[0];
	}

	@Override
	protected String[] getSpringConfigLocations() {
		return new String[0];
	}

}
