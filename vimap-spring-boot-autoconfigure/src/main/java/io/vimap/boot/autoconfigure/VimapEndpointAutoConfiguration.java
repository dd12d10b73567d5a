package io.vimap.boot.autoconfigure;

import io.vimap.boot.ProcessPools;
import io.vimap.boot.actuate.endpoint.VimapEndpoint;
import io.vimap.boot.actuate.endpoint.VimapEndpointWebExtension;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link VimapEndpoint}.
 */
@AutoConfiguration(after = ProcessPoolAutoConfiguration.class)
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnAvailableEndpoint(VimapEndpoint.class)
public final class VimapEndpointAutoConfiguration {

	VimapEndpointAutoConfiguration() {
	}

	@Bean
	@ConditionalOnBean(ProcessPools.class)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	VimapEndpoint vimapEndpoint(ProcessPools pools) {
		return new VimapEndpoint(pools);
	}

	@Bean
	@ConditionalOnBean(VimapEndpoint.class)
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	VimapEndpointWebExtension vimapEndpointWebExtension(VimapEndpoint endpoint) {
		return new VimapEndpointWebExtension(endpoint);
	}

}
