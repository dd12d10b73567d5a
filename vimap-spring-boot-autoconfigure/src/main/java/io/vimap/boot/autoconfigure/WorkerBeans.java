package io.vimap.boot.autoconfigure;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

import io.vimap.boot.VimapWorker;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.context.annotation.Bean;

/**
 * What the application can tell about the beans in a worker's own context, which is built
 * in the worker's process only: most of them are a slice of its own beans.
 */
final class WorkerBeans implements Predicate<Class<?>> {

	private final ListableBeanFactory application;

	private final List<Class<?>> imports;

	WorkerBeans(ListableBeanFactory application, Class<?> worker) {
		this.application = application;
		this.imports = imports(worker);
	}

	/**
	 * Returns what a worker imports.
	 * @param worker the worker class
	 * @return the classes
	 */
	static List<Class<?>> imports(Class<?> worker) {
		VimapWorker annotation = worker.getAnnotation(VimapWorker.class);
		return (annotation != null) ? List.of(annotation.imports()) : List.of();
	}

	/**
	 * Tells whether a type is likely to be one of those beans.
	 * @param type the type
	 * @return whether it is a bean of the application, or of what the worker imports
	 */
	@Override
	public boolean test(Class<?> type) {
		return this.imports.stream().anyMatch((imported) -> type.isAssignableFrom(imported) || defines(imported, type))
				|| BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.application, type, true, false).length > 0;
	}

	private static boolean defines(Class<?> imported, Class<?> type) {
		try {
			return Arrays.stream(imported.getDeclaredMethods())
				.anyMatch((method) -> method.isAnnotationPresent(Bean.class)
						&& type.isAssignableFrom(method.getReturnType()));
		}
		catch (LinkageError ex) {
			// An auto-configuration has beans of libraries that need not be there.
			return false;
		}
	}

}
