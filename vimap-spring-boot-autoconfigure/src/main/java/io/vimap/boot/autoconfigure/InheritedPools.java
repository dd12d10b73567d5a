package io.vimap.boot.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.vimap.pool.ProcessPool;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * The pools that a context has from its parents. Their properties are also the child's,
 * but not the packages in which their workers are found.
 */
final class InheritedPools {

	private final @Nullable BeanFactory parent;

	private final List<String> names;

	InheritedPools(@Nullable BeanFactory parent) {
		this.parent = parent;
		this.names = (parent instanceof ListableBeanFactory beans)
				? List.of(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, ProcessPool.class, true, false))
				: List.of();
	}

	/**
	 * Returns their names.
	 * @return the names as environment variables have them, without dashes
	 */
	Set<String> uniformNames() {
		return this.names.stream().map(VimapProperties::uniform).collect(Collectors.toSet());
	}

	/**
	 * Tells whether a pool need not be made because there is one of its name with the
	 * same worker, or one that is the application's own bean.
	 * @param pool the pool
	 * @return whether a parent has it
	 */
	boolean contain(PoolBeanDefinition pool) {
		if (!this.names.contains(pool.name())) {
			return false;
		}
		Class<?> worker = findWorker(pool.name());
		return worker == null || worker.getName().equals(pool.worker().getName());
	}

	private @Nullable Class<?> findWorker(String pool) {
		BeanFactory beans = this.parent;
		while (beans instanceof ConfigurableListableBeanFactory ancestor) {
			if (ancestor.containsBeanDefinition(pool)) {
				return ProcessPoolRegistrar.workerOf(ancestor.getBeanDefinition(pool));
			}
			beans = ancestor.getParentBeanFactory();
		}
		return null;
	}

}
