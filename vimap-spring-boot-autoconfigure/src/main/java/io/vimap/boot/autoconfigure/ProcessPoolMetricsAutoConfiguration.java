package io.vimap.boot.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.metrics.ProcessPoolsMetrics;
import io.vimap.pool.ProcessPool;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ProcessPoolsMetrics}.
 */
@AutoConfiguration(after = ProcessPoolAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ ProcessPool.class, ProcessPools.class, MeterRegistry.class })
public final class ProcessPoolMetricsAutoConfiguration {

	ProcessPoolMetricsAutoConfiguration() {
	}

	/**
	 * Also where a parent has one, which knows nothing of the pools of this context. Has
	 * the same name, and so takes its place as a listener of these.
	 */
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	ProcessPoolsMetrics vimapProcessPoolsMetrics(ProcessPools pools, MeterRegistry registry) {
		return new ProcessPoolsMetrics(pools, registry);
	}

	/**
	 * Spring Boot has the meters of a context in the registries of that context only, not
	 * in one that it shares with its siblings.
	 */
	@Bean
	@ConditionalOnBean(value = ProcessPoolsMetrics.class, search = SearchStrategy.CURRENT)
	@ConditionalOnMissingBean(value = MeterRegistry.class, search = SearchStrategy.CURRENT)
	SmartInitializingSingleton vimapMetersInTheRegistryOfAParent(ProcessPoolsMetrics metrics, MeterRegistry registry) {
		return () -> metrics.bindTo(registry);
	}

}
