package io.vimap.boot.autoconfigure;

import java.util.Arrays;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Refuses properties that come too late: where an application was processed ahead of
 * time, it was decided then which pools there are and what their workers are. Elsewhere
 * the beans are made of these same properties, and it finds nothing.
 */
final class AheadOfTimeCheck {

	private final VimapProperties properties;

	private final Environment environment;

	private final ListableBeanFactory beanFactory;

	AheadOfTimeCheck(VimapProperties properties, Environment environment, ListableBeanFactory beanFactory) {
		this.properties = properties;
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	/**
	 * Checks the properties that decide about beans.
	 * @param pool the name of a pool that has a bean
	 * @param worker its worker class
	 * @throws InvalidPoolException if a property wants other beans
	 */
	void check(String pool, Class<?> worker) {
		PoolProperties origins = new PoolProperties(pool, this.environment);
		VimapProperties.Pool wanted = this.properties.find(pool);
		if (!this.properties.isEnabled()) {
			throw tooLate(pool, "'vimap.enabled' was 'true'", null);
		}
		if (!wanted.isEnabled()) {
			throw tooLate(pool, "it was enabled", origins.find("enabled"));
		}
		if (wanted.getWorker() != null && !wanted.getWorker().getName().equals(worker.getName())) {
			throw tooLate(pool, "its worker was " + worker.getName(), origins.find("worker"));
		}
		this.properties.getPools().forEach((name, other) -> {
			if (other.isEnabled() && !hasBean(name)) {
				throw tooLate(name, "there was no such pool", new PoolProperties(name, this.environment).first());
			}
		});
	}

	private boolean hasBean(String pool) {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(ProcessPool.class, true, false))
			.anyMatch((name) -> VimapProperties.uniform(name).equals(VimapProperties.uniform(pool)));
	}

	private static InvalidPoolException tooLate(String pool, String then, @Nullable Property property) {
		return new InvalidPoolException(pool, then + " when the application was processed ahead of time.",
				"Set the property when the application is built, or start it without 'spring.aot.enabled'.", property,
				null);
	}

}
