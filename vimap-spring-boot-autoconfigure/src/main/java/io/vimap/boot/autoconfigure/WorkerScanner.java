package io.vimap.boot.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import io.vimap.boot.VimapWorker;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/**
 * Finds the {@link VimapWorker @VimapWorker} classes below some packages by reading class
 * files, without loading any class.
 */
final class WorkerScanner extends ClassPathScanningCandidateComponentProvider {

	WorkerScanner(Environment environment, ResourceLoader resourceLoader) {
		super(false, environment);
		setResourceLoader(resourceLoader);
		addIncludeFilter(new AnnotationTypeFilter(VimapWorker.class, false, true));
	}

	/**
	 * Scans packages.
	 * @param packages the packages; packages below them are included
	 * @return the names of the classes by the name of their pool
	 */
	Map<String, Set<String>> scan(Collection<String> packages) {
		Map<String, Set<String>> workers = new LinkedHashMap<>();
		for (String basePackage : packages) {
			for (BeanDefinition candidate : findCandidateComponents(basePackage)) {
				workers.computeIfAbsent(poolName(candidate), (name) -> new LinkedHashSet<>())
					.add(String.valueOf(candidate.getBeanClassName()));
			}
		}
		return workers;
	}

	private static String poolName(BeanDefinition candidate) {
		return ((AnnotatedBeanDefinition) candidate).getMetadata()
			.getAnnotations()
			.get(VimapWorker.class)
			.getString("value");
	}

	@Override
	protected boolean isCandidateComponent(AnnotatedBeanDefinition beanDefinition) {
		// Abstract classes and the like are found too, so that they can be refused in
		// words.
		return true;
	}

}
