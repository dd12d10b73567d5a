package io.vimap.boot.child;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;

/**
 * What every child's context has: bound properties, placeholders and the imported slice.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties
@Import(WorkerImportSelector.class)
class ChildConfiguration {

	@Bean
	static PropertySourcesPlaceholderConfigurer vimapPlaceholderConfigurer() {
		return new PropertySourcesPlaceholderConfigurer();
	}

}
