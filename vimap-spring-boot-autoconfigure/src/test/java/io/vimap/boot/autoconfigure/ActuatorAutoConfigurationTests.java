package io.vimap.boot.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.actuate.endpoint.VimapEndpoint;
import io.vimap.boot.actuate.endpoint.VimapEndpointWebExtension;
import io.vimap.boot.metrics.ProcessPoolsMetrics;
import io.vimap.pool.PoolListener;
import io.vimap.pool.TaskOutcome;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerGroups;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

class ActuatorAutoConfigurationTests {

	private final FakeForker forker = new FakeForker();

	private final ApplicationContextRunner withoutPools = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class,
				ProcessPoolHealthContributorAutoConfiguration.class, ProcessPoolMetricsAutoConfiguration.class,
				VimapEndpointAutoConfiguration.class, ProcessPoolLoggersAutoConfiguration.class,
				MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
				EndpointAutoConfiguration.class))
		.withBean(ProcessPoolForker.class, () -> this.forker);

	private final ApplicationContextRunner runner = this.withoutPools.withPropertyValues(
			"vimap.pools.echo.worker=" + TestWorkers.Echo.class.getName(), "vimap.pools.echo.processes=2");

	private final ApplicationContextRunner exposed = this.runner.withPropertyValues(
			"management.endpoints.web.exposure.include=vimap", "management.endpoints.jmx.exposure.include=");

	@Test
	void healthIsAMapEvenOfOnePool() {
		this.runner.run((context) -> {
			CompositeHealthContributor contributor = context.getBean("vimapHealthContributor",
					CompositeHealthContributor.class);
			HealthIndicator indicator = (HealthIndicator) contributor.getContributor("echo");
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void healthWhenDisabled() {
		this.runner.withPropertyValues("management.health.vimap.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("vimapHealthContributor"));
	}

	@Test
	void healthWithoutPools() {
		this.withoutPools.run((context) -> assertThat(context).doesNotHaveBean("vimapHealthContributor"));
	}

	@Test
	void healthBacksOffForOneOfTheUser() {
		this.runner.withBean("vimapHealthIndicator", HealthIndicator.class, () -> () -> Health.unknown().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthContributor.class));
	}

	@Test
	void healthWithoutItsModule() {
		this.runner.withClassLoader(new FilteredClassLoader(Health.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("vimapHealthContributor"));
	}

	@Test
	void metersWhenThereIsARegistry() {
		this.runner.withBean(SimpleMeterRegistry.class).run((context) -> {
			assertThat(context).hasSingleBean(ProcessPoolsMetrics.class);
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("vimap.pool.size").tag("pool", "echo").gauge().value()).isEqualTo(2);
			assertThat(this.forker.engine("echo").options.listeners()).contains(context.getBean(PoolListener.class));
		});
	}

	@Test
	void metersInTheRegistryOfAParent() {
		new ApplicationContextRunner().withBean(SimpleMeterRegistry.class).run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			this.runner.withParent(parent)
				.run((context) -> assertThat(registry.find("vimap.pool.size").tag("pool", "echo").gauges())
					.singleElement()
					.returns(2.0, Gauge::value));
			assertThat(registry.find("vimap.pool.size").gauges()).isEmpty();
		});
	}

	@Test
	void metersOfAParentAndItsChildWhereBothHavePools() {
		this.runner.withBean(SimpleMeterRegistry.class).run((parent) -> {
			MeterRegistry registry = parent.getBean(MeterRegistry.class);
			this.runner.withParent(parent)
				.withPropertyValues("vimap.pools.other.worker=" + TestWorkers.Echo.class.getName(),
						"vimap.pools.other.processes=3")
				.run((child) -> {
					assertThat(registry.get("vimap.pool.size").tag("pool", "other").gauge().value()).isEqualTo(3);
					this.forker.engine("other").options.listeners()
						.forEach((listener) -> listener.onTask("other", TaskOutcome.SUCCESS, 1, 1));
					assertThat(registry.get("vimap.task.wait").tag("pool", "other").timer().count()).isOne();
				});
			assertThat(registry.find("vimap.pool.size").gauges()).singleElement().returns(2.0, Gauge::value);
		});
	}

	@Test
	void timersOfTasksHaveHistogramsWhereTheyAreAskedFor() {
		Map<String, Boolean> histograms = new HashMap<>();
		SimpleMeterRegistry registry = new SimpleMeterRegistry() {

			@Override
			protected Timer newTimer(Meter.Id id, DistributionStatisticConfig config, PauseDetector pauseDetector) {
				histograms.put(id.getName(), config.isPercentileHistogram());
				return super.newTimer(id, config, pauseDetector);
			}

		};
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues("management.metrics.distribution.percentiles-histogram.vimap.task=true")
			.run((context) -> {
				context.getBean(PoolListener.class).onTask("echo", TaskOutcome.SUCCESS, 3_000_000, 5_000_000);
				assertThat(histograms).containsEntry("vimap.task", true).containsEntry("vimap.task.wait", true);
				assertThat(histograms.get("vimap.worker.start")).isNotEqualTo(true);
			});
	}

	@Test
	void metersOfAPoolThatIsNotStarted() {
		this.runner.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("vimap.pools.echo.auto-start=false")
			.run((context) -> assertThat(
					context.getBean(MeterRegistry.class).get("vimap.pool.queue.depth").gauge().value())
				.isZero());
	}

	@Test
	void metersWithoutARegistry() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class,
					ProcessPoolMetricsAutoConfiguration.class))
			.withBean(ProcessPoolForker.class, () -> this.forker)
			.withPropertyValues("vimap.pools.echo.worker=" + TestWorkers.Echo.class.getName())
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ProcessPoolsMetrics.class));
	}

	@Test
	void metersWithoutPools() {
		this.withoutPools.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context).doesNotHaveBean(ProcessPoolsMetrics.class));
	}

	@Test
	void metersWithoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ProcessPools.class));
	}

	@Test
	void endpointWhenExposed() {
		this.exposed.run((context) -> assertThat(context).hasSingleBean(VimapEndpoint.class)
			.hasSingleBean(VimapEndpointWebExtension.class));
	}

	@Test
	void endpointWhenNotExposed() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(VimapEndpoint.class)
			.doesNotHaveBean(VimapEndpointWebExtension.class));
	}

	@Test
	void endpointWhenAccessIsDenied() {
		this.exposed.withPropertyValues("management.endpoint.vimap.access=NONE")
			.run((context) -> assertThat(context).doesNotHaveBean(VimapEndpoint.class));
	}

	@Test
	void endpointWithoutWebExtensionOverJmxOnly() {
		this.runner.withPropertyValues("management.endpoints.jmx.exposure.include=vimap", "spring.jmx.enabled=true")
			.run((context) -> assertThat(context).hasSingleBean(VimapEndpoint.class)
				.doesNotHaveBean(VimapEndpointWebExtension.class));
	}

	@Test
	void endpointBacksOffForOneOfTheUser() {
		VimapEndpoint endpoint = new VimapEndpoint(null);
		this.exposed.withBean(VimapEndpoint.class, () -> endpoint)
			.run((context) -> assertThat(context.getBean(VimapEndpoint.class)).isSameAs(endpoint));
	}

	@Test
	void endpointWhenVimapIsDisabled() {
		this.exposed.withPropertyValues("vimap.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(VimapEndpoint.class));
	}

	@Test
	void nothingOfActuatorWithoutActuator() {
		this.exposed.withClassLoader(new FilteredClassLoader(Endpoint.class, LoggersEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ProcessPools.class)
				.doesNotHaveBean("vimapEndpoint")
				.doesNotHaveBean("vimapLoggersEndpointPostProcessor"));
	}

	@Test
	void levelsSetThroughTheEndpointReachRunningWorkersWithAllEarlierOnes() {
		LoggingSystem system = mock(LoggingSystem.class);
		LoggerGroups groups = new LoggerGroups();
		groups.putAll(Map.of("both", List.of("one", "two")));
		this.runner.withBean(LoggingSystem.class, () -> system)
			.withBean(LoggerGroups.class, () -> groups)
			.withBean(LoggersEndpoint.class, () -> new LoggersEndpoint(system, groups))
			.run((context) -> {
				LoggersEndpoint endpoint = context.getBean(LoggersEndpoint.class);
				endpoint.configureLogLevel("com.example", LogLevel.DEBUG);
				endpoint.configureLogLevel("both", LogLevel.TRACE);
				endpoint.configureLogLevel("com.example", null);
				then(system).should().setLogLevel("com.example", LogLevel.DEBUG);
				then(system).should().setLogLevel("two", LogLevel.TRACE);
				assertThat(this.forker.engine("echo").calls).endsWith(
						"signal log-level com.example=DEBUG\none=TRACE\ntwo=TRACE\n",
						"signal log-level com.example=-\none=TRACE\ntwo=TRACE\n");
			});
	}

}
