package io.vimap.boot.autoconfigure;

import java.time.Duration;

import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.actuate.endpoint.VimapEndpoint;
import io.vimap.boot.autoconfigure.hierarchy.api.Calculator;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.testing.SerialPools;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application of several contexts, as a {@code SpringApplicationBuilder} makes with
 * {@code child}: they share properties, and each has its own packages.
 */
class ContextHierarchyTests {

	private static final String API = "io.vimap.boot.autoconfigure.hierarchy.api";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class,
				ProcessPoolHealthContributorAutoConfiguration.class, VimapEndpointAutoConfiguration.class,
				EndpointAutoConfiguration.class))
		.withPropertyValues("vimap.defaults.mode=serial", "vimap.defaults.processes=1",
				"management.endpoints.web.exposure.include=vimap", "management.endpoints.jmx.exposure.include=");

	private final ApplicationContextRunner engine = this.runner.withUserConfiguration(Engine.class);

	private final ApplicationContextRunner web = this.runner.withUserConfiguration(Web.class);

	@Test
	void childCallsAPoolOfItsParent() {
		this.engine.withPropertyValues("vimap.pools.desk-calculator.task-timeout=1m")
			.run((parent) -> this.web.withParent(parent).run((child) -> {
				assertThat(child.getBean(Calculator.class).twice(4)).isEqualTo(8);
				assertThat(child.getBean("desk-calculator")).isSameAs(parent.getBean("desk-calculator"));
				assertThat(child.getBean(ProcessPools.class).names()).containsExactly("desk-calculator");
			}));
	}

	@Test
	void variableOfTheOperatingSystemNamesThePoolOfTheParentWithoutDashes() {
		this.engine.run((parent) -> this.runner.withParent(parent)
			.withPropertyValues("vimap.pools.deskcalculator.task-timeout=1m")
			.run((child) -> assertThat(child.getBean(ProcessPools.class).names()).containsExactly("desk-calculator")));
	}

	@Test
	void workerThatBothFindMakesOnePoolThatOutlivesTheChild() {
		this.engine.run((parent) -> {
			ManagedProcessPool<?, ?> pool = parent.getBean(ManagedProcessPool.class);
			this.engine.withParent(parent).run((child) -> {
				assertThat(child.getBean(ManagedProcessPool.class)).isSameAs(pool);
				assertThat(child.getBean(Calculator.class)).isSameAs(parent.getBean(Calculator.class));
			});
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
		});
	}

	@Test
	void poolBeanOfTheParentsOwnTakesThePlaceInTheChildToo() {
		this.runner.withPropertyValues("vimap.pools.desk-calculator.enabled=false", "vimap.pools.echo.enabled=false")
			.withBean("echo", ProcessPool.class,
					() -> SerialPools.of(WorkerSpec.function((String input) -> input + "!")))
			.run((parent) -> this.runner.withParent(parent)
				.withPropertyValues("vimap.pools.desk-calculator.enabled=false",
						"vimap.pools.echo.worker=" + TestWorkers.Echo.class.getName())
				.run((child) -> assertThat(child.getBean("echo")).isSameAs(parent.getBean("echo"))));
	}

	@Test
	void childWithAnotherWorkerHasAPoolOfItsOwn() {
		this.runner
			.withPropertyValues("vimap.pools.desk-calculator.enabled=false",
					"vimap.pools.echo.worker=" + TestWorkers.Echo.class.getName())
			.run((parent) -> this.runner.withParent(parent)
				.withPropertyValues("vimap.pools.desk-calculator.enabled=false",
						"vimap.pools.echo.worker=io.vimap.boot.autoconfigure.workers.Upper")
				.run((child) -> {
					assertThat(child.getBean("echo")).isNotSameAs(parent.getBean("echo"));
					ProcessPool<String, String> pool = child.getBean(ProcessPools.class)
						.get("echo", String.class, String.class);
					assertThat(pool.submit("a")).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("A");
				}));
	}

	@Test
	void endpointAndHealthOfTheChildHaveThePoolsOfBoth() {
		this.engine.run((parent) -> this.web.withParent(parent)
			.withPropertyValues("vimap.pools.echo.worker=" + TestWorkers.Echo.class.getName())
			.run((child) -> {
				assertThat(child.getBean(VimapEndpoint.class).pools().pools()).containsOnlyKeys("desk-calculator",
						"echo");
				CompositeHealthContributor health = child.getBean("vimapHealthContributor",
						CompositeHealthContributor.class);
				assertThat(health.stream().map((entry) -> entry.name())).containsExactlyInAnyOrder("desk-calculator",
						"echo");
			}));
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = { API, "io.vimap.boot.autoconfigure.hierarchy.engine" })
	static class Engine {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = API)
	static class Web {

	}

}
