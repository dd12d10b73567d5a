package io.vimap.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import io.vimap.boot.ProcessPools;
import io.vimap.boot.health.ProcessPoolHealthIndicator;
import io.vimap.pool.ProcessPool;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for
 * {@link ProcessPoolHealthIndicator}.
 */
@AutoConfiguration(after = ProcessPoolAutoConfiguration.class)
@ConditionalOnClass({ Health.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ ProcessPool.class, ProcessPools.class })
@ConditionalOnEnabledHealthIndicator("vimap")
public final class ProcessPoolHealthContributorAutoConfiguration {

	ProcessPoolHealthContributorAutoConfiguration() {
	}

	@Bean
	@ConditionalOnMissingBean(name = { "vimapHealthIndicator", "vimapHealthContributor" },
			search = SearchStrategy.CURRENT)
	HealthContributor vimapHealthContributor(ProcessPools pools) {
		Map<String, ProcessPool<?, ?>> byName = new LinkedHashMap<>();
		pools.names().forEach((name) -> byName.put(name, pools.get(name)));
		// A map even of one pool, so that the answer keeps its shape when a second one
		// comes.
		return CompositeHealthContributor.fromMap(byName, ProcessPoolHealthIndicator::new);
	}

}
