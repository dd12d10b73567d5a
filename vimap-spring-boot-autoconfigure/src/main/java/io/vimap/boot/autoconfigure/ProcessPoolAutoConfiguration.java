package io.vimap.boot.autoconfigure;

import io.vimap.Vimap;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.ProcessPools;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for pools of worker processes.
 */
@AutoConfiguration
@Conditional(OnVimapEnabledCondition.class)
@EnableConfigurationProperties(VimapProperties.class)
@Import(ProcessPoolRegistrar.class)
public final class ProcessPoolAutoConfiguration {

	static final String FACTORY_BEAN_NAME = "vimapProcessPoolFactory";

	ProcessPoolAutoConfiguration() {
	}

	@Bean
	static ConfigurationPropertiesBindHandlerAdvisor vimapSectionsBindHandlerAdvisor() {
		return SectionsBindHandler::new;
	}

	@Bean(FACTORY_BEAN_NAME)
	ProcessPoolFactory vimapProcessPoolFactory(VimapProperties properties, ConfigurableEnvironment environment,
			ConfigurableListableBeanFactory beanFactory, ObjectProvider<ProcessPoolForker> forker) {
		return new ProcessPoolFactory(properties, environment, beanFactory, forker.getIfAvailable(() -> Vimap::fork));
	}

	@Bean
	ProcessPoolStartup vimapProcessPoolStartup(ObjectProvider<ManagedProcessPool<?, ?>> pools) {
		return new ProcessPoolStartup(pools);
	}

	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ProcessPools processPools(ConfigurableListableBeanFactory beanFactory) {
		return new DefaultProcessPools(beanFactory);
	}

}
