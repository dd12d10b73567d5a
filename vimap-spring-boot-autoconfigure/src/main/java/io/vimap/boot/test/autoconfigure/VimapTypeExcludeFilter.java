package io.vimap.boot.test.autoconfigure;

import org.springframework.boot.test.context.filter.annotation.StandardAnnotationCustomizableTypeExcludeFilter;

/**
 * Leaves out all components that {@link VimapTest @VimapTest} does not ask for.
 */
final class VimapTypeExcludeFilter extends StandardAnnotationCustomizableTypeExcludeFilter<VimapTest> {

	VimapTypeExcludeFilter(Class<?> testClass) {
		super(testClass);
	}

}
