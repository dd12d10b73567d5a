package io.vimap.boot.autoconfigure;

import java.util.HashSet;
import java.util.Set;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;

/**
 * Refuses properties that come too late: where an application was processed ahead of
 * time, it was decided then which pools there are and what their workers are. Elsewhere
 * the beans are made of these same properties, and there is nothing to find.
 */
final class AheadOfTimeCheck {

	private final VimapProperties properties;

	private final Environment environment;

	private final ConfigurableListableBeanFactory beanFactory;

	AheadOfTimeCheck(VimapProperties properties, Environment environment, ConfigurableListableBeanFactory beanFactory) {
		this.properties = properties;
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	/**
	 * Checks the properties that decide about beans.
	 * @throws InvalidPoolException if a property wants other beans than there are
	 */
	void check() {
		Set<String> beans = new HashSet<>(new InheritedPools(this.beanFactory.getParentBeanFactory()).uniformNames());
		for (String bean : this.beanFactory.getBeanNamesForType(ProcessPool.class, true, false)) {
			beans.add(VimapProperties.uniform(bean));
			BeanDefinition definition = find(bean);
			if (definition != null) {
				checkPool(bean, definition);
			}
		}
		this.properties.getPools().forEach((pool, wanted) -> {
			if (wanted.isEnabled() && !beans.contains(VimapProperties.uniform(pool))) {
				throw tooLate(pool, "there was no such pool", new PoolProperties(pool, this.environment).first());
			}
		});
	}

	private void checkPool(String pool, BeanDefinition definition) {
		PoolProperties origins = new PoolProperties(pool, this.environment);
		VimapProperties.Pool wanted = this.properties.find(pool);
		if (!this.properties.isEnabled()) {
			throw tooLate(pool, "'vimap.enabled' was 'true'", null);
		}
		if (!wanted.isEnabled()) {
			throw tooLate(pool, "it was enabled", origins.find("enabled"));
		}
		Property primary = origins.find("primary");
		if (primary.value() != null && wanted.isPrimary() != definition.isPrimary()) {
			throw tooLate(pool, definition.isPrimary() ? "it was primary" : "it was not primary", primary);
		}
		Class<?> worker = ProcessPoolRegistrar.workerOf(definition);
		if (wanted.getWorker() != null && worker != null && !wanted.getWorker().getName().equals(worker.getName())) {
			throw tooLate(pool, "its worker was " + worker.getName(), origins.find("worker"));
		}
	}

	/** Finds the definition of a pool. The application's own beans are not judged. */
	private @Nullable BeanDefinition find(String bean) {
		if (!this.beanFactory.containsBeanDefinition(bean)) {
			return null;
		}
		BeanDefinition definition = this.beanFactory.getBeanDefinition(bean);
		return ProcessPoolAutoConfiguration.FACTORY_BEAN_NAME.equals(definition.getFactoryBeanName()) ? definition
				: null;
	}

	private static InvalidPoolException tooLate(String pool, String then, @Nullable Property property) {
		return new InvalidPoolException(pool, then + " when the application was processed ahead of time.",
				"Set the property when the application is built, or start it without 'spring.aot.enabled'.", property,
				null);
	}

}
