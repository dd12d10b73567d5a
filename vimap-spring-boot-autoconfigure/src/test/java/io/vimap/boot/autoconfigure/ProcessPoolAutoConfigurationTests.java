package io.vimap.boot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import io.vimap.boot.FakeProcessPool;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.NoSuchProcessPoolException;
import io.vimap.boot.PoolOptionsCustomizer;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.autoconfigure.clients.called.Called;
import io.vimap.boot.autoconfigure.workers.Lengths;
import io.vimap.boot.child.TestPropagator;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ProcessPoolAutoConfigurationTests {

	private static final String UPPER = "io.vimap.boot.autoconfigure.workers.Upper";

	private final FakeForker forker = new FakeForker();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class))
		.withAllowBeanDefinitionOverriding(false)
		.withBean(ProcessPoolForker.class, () -> this.forker);

	private final ApplicationContextRunner scanned = this.runner.withUserConfiguration(Application.class);

	@Test
	void annotatedWorkersMakePoolsWithoutAnyProperty() {
		this.scanned.run((context) -> {
			assertThat(context.getBean(ProcessPools.class).names()).containsExactlyInAnyOrder("upper", "lengths");
			assertThat(this.forker.engine("upper").specs).hasSize(Runtime.getRuntime().availableProcessors());
			assertThat(System.getProperty("upper.initialized")).isNull();
		});
	}

	@Test
	void withoutPackagesAndPropertiesThereIsNoPool() {
		this.runner.run((context) -> assertThat(context.getBean(ProcessPools.class).names()).isEmpty());
	}

	@Test
	void disabledByProperty() {
		this.scanned.withPropertyValues("vimap.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ProcessPools.class)
				.doesNotHaveBean(ManagedProcessPool.class));
	}

	@Test
	void clientIsABean() {
		this.runner.withUserConfiguration(CallingApplication.class)
			.run((context) -> assertThat(context).hasSingleBean(Called.class)
				.hasBean(Called.class.getName())
				.getBean(Called.class)
				.hasToString("Called client of process pool 'called'"));
	}

	@Test
	void clientOfAPoolThatIsDisabledIsNoBean() {
		this.runner.withUserConfiguration(CallingApplication.class)
			.withPropertyValues("vimap.pools.called.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Called.class));
	}

	@Test
	void clientBacksOffForOneOfTheUser() {
		Called own = (text) -> text;
		this.runner.withUserConfiguration(CallingApplication.class)
			.withBean("fake", Called.class, () -> own)
			.run((context) -> assertThat(context).getBean(Called.class).isSameAs(own));
	}

	@Test
	void onePoolCanBeDisabled() {
		this.scanned.withPropertyValues("vimap.pools.upper.enabled=false")
			.run((context) -> assertThat(context.getBean(ProcessPools.class).names()).containsExactly("lengths"));
	}

	@Test
	void environmentVariablesReachPoolsWithDashes() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("VIMAP_POOLS_MYPOOL_PROCESSES", "3"))))
			.withPropertyValues("vimap.pools.my-pool.worker=" + UPPER, "vimap.pools.my-pool.processes=2",
					"vimap.pools.my-pool.spares=1")
			.run((context) -> {
				assertThat(context.getBean(ProcessPools.class).names()).containsExactly("my-pool");
				assertThat(this.forker.engine("my-pool").specs).hasSize(3);
				assertThat(this.forker.engine("my-pool").options.spares()).isEqualTo(1);
			});
	}

	@Test
	void poolsAreInjectedByGenerics() {
		this.scanned.withUserConfiguration(ByGenerics.class).run((context) -> {
			ByGenerics injected = context.getBean(ByGenerics.class);
			assertThat(injected.upper.name()).isEqualTo("upper");
			assertThat(injected.lengths.name()).isEqualTo("lengths");
			assertThat(injected.all).containsOnlyKeys("upper", "lengths");
		});
	}

	@Test
	void poolsOfTheSameTypesAreInjectedByName() {
		this.runner.withPropertyValues("vimap.pools.one.worker=" + UPPER, "vimap.pools.other.worker=" + UPPER)
			.withUserConfiguration(ByName.class)
			.run((context) -> {
				assertThat(context.getBean(ByName.class).one.name()).isEqualTo("one");
				assertThat(context.getBean(ByName.class).qualified.name()).isEqualTo("other");
			});
	}

	@Test
	void onePoolCanBePrimary() {
		this.runner
			.withPropertyValues("vimap.pools.one.worker=" + UPPER, "vimap.pools.other.worker=" + UPPER,
					"vimap.pools.other.primary=true")
			.run((context) -> assertThat(context.getBean(ProcessPool.class).name()).isEqualTo("other"));
	}

	@Test
	void workerPropertyWinsOverAnnotation() {
		this.scanned.withPropertyValues("vimap.pools.upper.worker=" + Lengths.class.getName())
			.run((context) -> assertThat(
					context.getBean("upper", ManagedProcessPool.class).definition().input().toClass())
				.isEqualTo(List.class));
	}

	@Test
	void typesOfTheWorkerReachTheEngineResolved() {
		this.scanned.run((context) -> {
			assertThat(this.forker.engine("lengths").specs.get(0).inputType())
				.hasToString("java.util.List<java.lang.String>");
			assertThat(this.forker.engine("lengths").specs.get(0).outputType())
				.hasToString("java.util.Map<java.lang.String, java.util.List<java.lang.Integer>>");
		});
	}

	@Test
	void registryFindsPoolsByNameAndTypes() {
		this.scanned.run((context) -> {
			ProcessPools pools = context.getBean(ProcessPools.class);
			ProcessPool<String, String> upper = pools.get("upper", String.class, String.class);
			assertThat(upper).isSameAs(pools.get("upper")).isSameAs(context.getBean("upper"));
			assertThatExceptionOfType(NoSuchProcessPoolException.class).isThrownBy(() -> pools.get("lower"))
				.withMessageContaining("lower")
				.withMessageContaining("upper");
			assertThatExceptionOfType(NoSuchProcessPoolException.class)
				.isThrownBy(() -> pools.get("upper", Integer.class, String.class))
				.withMessageContaining("ProcessPool<java.lang.String, java.lang.String>");
		});
	}

	@Test
	void backsOffForAPoolOfTheUserWithTheSameName() {
		this.scanned.withUserConfiguration(UserPool.class).run((context) -> {
			assertThat(context.getBean("upper")).isNotInstanceOf(ManagedProcessPool.class);
			assertThat(context.getBean(ProcessPools.class).get("upper")).isSameAs(context.getBean("upper"));
		});
	}

	@Test
	void backsOffForARegistryOfTheUser() {
		ProcessPools registry = new DefaultProcessPools(null);
		this.scanned.withBean(ProcessPools.class, () -> registry)
			.run((context) -> assertThat(context.getBean(ProcessPools.class)).isSameAs(registry));
	}

	@Test
	void customizersAndListenersAreAppliedInOrder() {
		this.scanned.withUserConfiguration(Customized.class)
			.withPropertyValues("vimap.defaults.spares=1")
			.run((context) -> {
				PoolOptions options = this.forker.engine("upper").options;
				assertThat(options.spares()).isEqualTo(1);
				assertThat(options.prefetch()).isEqualTo(2);
				assertThat(options.closeWhenDone()).isFalse();
				assertThat(options.listeners()).contains(context.getBean(PoolListener.class));
			});
	}

	@Test
	void loggingContextTravelsWithTasks() {
		this.scanned.run((context) -> {
			Supplier<Map<String, String>> taskContext = this.forker.engine("upper").options.taskContext();
			assertThat(taskContext.get()).isEmpty();
			MDC.put("user", "me");
			assertThat(taskContext.get()).containsExactly(Map.entry("user", "me"));
			MDC.clear();
		});
	}

	@Test
	void traceTravelsWithTasksWhereThereIsATracer() {
		SimpleTracer tracer = new SimpleTracer();
		this.scanned.withConfiguration(AutoConfigurations.of(ProcessPoolTracingAutoConfiguration.class))
			.withBean(Tracer.class, () -> tracer)
			.withBean(Propagator.class, () -> new TestPropagator(tracer))
			.run((context) -> {
				Supplier<Map<String, String>> taskContext = this.forker.engine("upper").options.taskContext();
				assertThat(taskContext.get()).isEmpty();
				SimpleSpan span = tracer.nextSpan().start();
				try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
					assertThat(taskContext.get()).containsEntry("vimap:traceparent",
							span.context().traceId() + "-" + span.context().spanId());
				}
			});
	}

	@Test
	void withoutTracingOnTheClassPath() {
		this.scanned.withConfiguration(AutoConfigurations.of(ProcessPoolTracingAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.micrometer.tracing"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TaskContextSource.class));
	}

	@Test
	void workersSetTheNumberOfProcesses() {
		this.scanned
			.withPropertyValues("vimap.pools.lengths.workers[0].server=a", "vimap.pools.lengths.workers[1].server=b",
					"vimap.pools.lengths.workers[2].server=c")
			.run((context) -> assertThat(this.forker.engine("lengths").specs).hasSize(3));
	}

	@Test
	void workerWithoutArgumentsOfItsOwnIsAnEmptyMap() {
		this.scanned.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.name=worker-list")
			.run((context) -> assertThat(this.forker.engine("lengths").specs).hasSize(2));
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = "io.vimap.boot.autoconfigure.workers")
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = "io.vimap.boot.autoconfigure.clients.called")
	static class CallingApplication {

	}

	@Configuration(proxyBeanMethods = false)
	static class ByGenerics {

		@Autowired
		ProcessPool<String, String> upper;

		@Autowired
		ProcessPool<List<String>, Map<String, List<Integer>>> lengths;

		@Autowired
		Map<String, ProcessPool<?, ?>> all;

	}

	@Configuration(proxyBeanMethods = false)
	static class ByName {

		@Autowired
		ProcessPool<String, String> one;

		@Autowired
		@Qualifier("other")
		ProcessPool<String, String> qualified;

	}

	@Configuration(proxyBeanMethods = false)
	static class UserPool {

		@Bean
		ProcessPool<String, String> upper() {
			return new FakeProcessPool<>(List.of(), PoolOptions.builder().name("mine").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customized {

		@Bean
		@Order(2)
		PoolOptionsCustomizer second() {
			return (pool, options) -> options.prefetch(2);
		}

		@Bean
		@Order(1)
		PoolOptionsCustomizer first() {
			return (pool, options) -> options.prefetch(1);
		}

		@Bean
		PoolListener listener(ProcessPools pools) {
			return new PoolListener() {
			};
		}

	}

}
