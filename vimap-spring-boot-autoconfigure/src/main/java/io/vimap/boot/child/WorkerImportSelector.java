package io.vimap.boot.child;

import java.util.List;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Imports the slice of the application that the worker names. By a selector, so that
 * whatever can be imported (configurations, components, registrars, selectors) can be
 * named.
 */
class WorkerImportSelector implements ImportSelector {

	static final String IMPORTS_BEAN_NAME = "vimapWorkerImports";

	private final BeanFactory beanFactory;

	WorkerImportSelector(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@Override
	public String[] selectImports(AnnotationMetadata metadata) {
		return this.beanFactory.getBean(IMPORTS_BEAN_NAME, Imports.class).classNames().toArray(String[]::new);
	}

	/**
	 * The names of the classes to import.
	 *
	 * @param classNames the names
	 */
	record Imports(List<String> classNames) {
	}

}
