package io.vimap.boot.autoconfigure;

import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/**
 * Finds the classes or interfaces with an annotation that names a pool, below some
 * packages, by reading class files: no class is loaded.
 */
class AnnotatedTypeScanner extends ClassPathScanningCandidateComponentProvider {

	private final Class<? extends Annotation> annotation;

	AnnotatedTypeScanner(Class<? extends Annotation> annotation, Environment environment,
			ResourceLoader resourceLoader) {
		super(false, environment);
		setResourceLoader(resourceLoader);
		this.annotation = annotation;
		addIncludeFilter(new AnnotationTypeFilter(annotation, false, false));
	}

	/**
	 * Returns a scanner that also finds classes that have a condition, such as a profile,
	 * which is not met.
	 * @param annotation the annotation
	 * @param environment where profiles are not looked at
	 * @param resourceLoader reads the class files
	 * @return a new scanner
	 */
	static AnnotatedTypeScanner ignoringConditions(Class<? extends Annotation> annotation, Environment environment,
			ResourceLoader resourceLoader) {
		return new AnnotatedTypeScanner(annotation, environment, resourceLoader) {

			@Override
			protected boolean isCandidateComponent(MetadataReader metadataReader) {
				return metadataReader.getAnnotationMetadata().hasAnnotation(annotation.getName());
			}

		};
	}

	/**
	 * Scans packages.
	 * @param packages the packages; packages below them are included
	 * @return the names of the classes by the name of their pool
	 */
	Map<String, Set<String>> scan(Collection<String> packages) {
		Map<String, Set<String>> types = new LinkedHashMap<>();
		for (String basePackage : packages) {
			for (BeanDefinition candidate : findCandidateComponents(basePackage)) {
				types.computeIfAbsent(poolName(candidate), (name) -> new LinkedHashSet<>())
					.add(String.valueOf(candidate.getBeanClassName()));
			}
		}
		return types;
	}

	private String poolName(BeanDefinition candidate) {
		return ((AnnotatedBeanDefinition) candidate).getMetadata()
			.getAnnotations()
			.get(this.annotation)
			.getString("value");
	}

	@Override
	protected boolean isCandidateComponent(AnnotatedBeanDefinition beanDefinition) {
		// Abstract classes and the like are found too, so that they can be refused in
		// words.
		return true;
	}

}
