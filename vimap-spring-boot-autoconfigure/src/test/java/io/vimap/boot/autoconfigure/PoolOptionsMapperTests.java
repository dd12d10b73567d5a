package io.vimap.boot.autoconfigure;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import com.jayway.jsonpath.JsonPath;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.OutputMode;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.RetryCause;
import org.assertj.core.api.AbstractCollectionAssert;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

class PoolOptionsMapperTests {

	private static final Set<String> NOT_PROPERTIES = Set.of("name", "listeners", "taskContext", "closeWhenDone",
			"autoStart", "toBuilder");

	private final FakeForker forker = new FakeForker();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class))
		.withBean(ProcessPoolForker.class, () -> this.forker);

	@Test
	void everyPropertyReachesTheEngine() {
		allProperties().run((context) -> {
			ManagedProcessPool<?, ?> pool = context.getBean("all", ManagedProcessPool.class);
			assertThat(pool.definition().processes()).isEqualTo(3);
			assertThat(pool.definition().required()).isFalse();
			assertThat(pool.isAutoStartup()).isFalse();
			assertThat(context.getBeanFactory().getBeanDefinition("all").isPrimary()).isTrue();
			pool.start();
			PoolOptions options = this.forker.engine("all").options;
			assertThat(options.name()).isEqualTo("all");
			assertThat(options.taskTimeout()).isEqualTo(Duration.ofSeconds(31));
			assertThat(options.initTimeout()).isEqualTo(Duration.ofSeconds(32));
			assertThat(options.cleanupTimeout()).isEqualTo(Duration.ofSeconds(33));
			assertThat(options.startTimeout()).isEqualTo(Duration.ofSeconds(34));
			assertThat(options.drainTimeout()).isEqualTo(Duration.ofSeconds(35));
			assertThat(options.killGrace()).isEqualTo(Duration.ofSeconds(36));
			assertThat(options.retryMaxAttempts()).isEqualTo(4);
			assertThat(options.retryOn()).containsExactly(RetryCause.TIMEOUT);
			assertThat(options.restartIntensity()).isEqualTo(7);
			assertThat(options.restartPeriod()).isEqualTo(Duration.ofSeconds(37));
			assertThat(options.restartBackoff()).isEqualTo(Duration.ofMillis(38));
			assertThat(options.restartMaxBackoff()).isEqualTo(Duration.ofSeconds(39));
			assertThat(options.maxTasksPerWorker()).isEqualTo(100);
			assertThat(options.maxLifetime()).isEqualTo(Duration.ofHours(1));
			assertThat(options.jitter()).isEqualTo(0.2);
			assertThat(options.maxRss()).isEqualTo(512L * 1024 * 1024);
			assertThat(options.spares()).isEqualTo(1);
			assertThat(options.prefetch()).isEqualTo(5);
			assertThat(options.maxInFlight()).isEqualTo(50);
			assertThat(options.maxPayload()).isEqualTo(1024 * 1024);
			assertThat(options.codec()).isEqualTo("io.vimap.boot.client.ClientCodecTests$Reversing");
			assertThat(options.jvmArgs()).containsExactly("-Xmx256m", "-Dfile.encoding=UTF-8");
			assertThat(options.environment()).containsExactly(Map.entry("TZ", "UTC"));
			assertThat(options.workingDirectory()).isEqualTo(Path.of("/tmp"));
			assertThat(options.commandPrefix()).containsExactly("nice", "-n", "10");
			assertThat(options.javaHome()).isEqualTo(Path.of("/opt/java"));
			assertThat(options.classPath()).containsExactly("/opt/lib/a.jar");
			assertThat(options.output()).isEqualTo(OutputMode.DISCARD);
			assertThat(options.classArchive()).isEqualTo(ClassArchiveMode.OFF);
			assertThat(options.mode()).isEqualTo(PoolMode.SERIAL);
		});
	}

	@Test
	void noOptionOfTheEngineIsWithoutAProperty() {
		allProperties().run((context) -> {
			context.getBean("all", ManagedProcessPool.class).start();
			PoolOptions options = this.forker.engine("all").options;
			for (Method accessor : accessors()) {
				assertThat(accessor.invoke(options)).as(accessor.getName())
					.isNotEqualTo(accessor.invoke(PoolOptions.defaults()));
			}
		});
	}

	@Test
	void documentedDefaultsAreThoseOfTheEngine() throws Exception {
		String metadata = new ClassPathResource("META-INF/additional-spring-configuration-metadata.json")
			.getContentAsString(StandardCharsets.UTF_8);
		List<Map<String, Object>> properties = JsonPath.read(metadata, "$.properties");
		String[] values = properties.stream()
			.map((property) -> property.get("name") + "=" + text(property.get("defaultValue")))
			.toArray(String[]::new);
		this.runner.withPropertyValues(values)
			.withPropertyValues("vimap.pools.plain.worker=" + TestWorkers.Echo.class.getName())
			.run((context) -> {
				PoolOptions options = this.forker.engine("plain").options;
				for (Method accessor : accessors()) {
					assertThat(accessor.invoke(options)).as(accessor.getName())
						.isEqualTo(accessor.invoke(PoolOptions.defaults()));
				}
			});
		// And whatever has a default is there.
		List<String> names = properties.stream().map((property) -> camel(property.get("name").toString())).toList();
		for (Method accessor : accessors()) {
			Object value = accessor.invoke(PoolOptions.defaults());
			if (value != null && !List.of().equals(value) && !Map.of().equals(value)) {
				assertThat(names).contains(accessor.getName().toLowerCase(Locale.ROOT));
			}
		}
	}

	@Test
	void poolWinsOverDefaultsAndMapsMerge() {
		this.runner
			.withPropertyValues("vimap.defaults.spares=1", "vimap.defaults.prefetch=2",
					"vimap.defaults.environment.A=default", "vimap.defaults.environment.B=default",
					"vimap.defaults.retry.max-attempts=3", "vimap.defaults.processes=5",
					"vimap.pools.mine.worker=" + TestWorkers.Echo.class.getName(), "vimap.pools.mine.prefetch=9",
					"vimap.pools.mine.environment.B=mine")
			.run((context) -> {
				PoolOptions options = this.forker.engine("mine").options;
				assertThat(options.spares()).isEqualTo(1);
				assertThat(options.prefetch()).isEqualTo(9);
				assertThat(options.retryMaxAttempts()).isEqualTo(3);
				assertThat(options.environment()).containsOnly(Map.entry("A", "default"), Map.entry("B", "mine"));
				assertThat(this.forker.engine("mine").specs).hasSize(5);
			});
	}

	@Test
	void profilesMergePoolByPool() {
		this.runner.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.name=merged", "spring.profiles.active=extra")
			.run((context) -> {
				assertThat(this.forker.engine("one").options.spares()).isEqualTo(1);
				assertThat(this.forker.engine("one").options.prefetch()).isEqualTo(2);
				assertThat(this.forker.engine("two").options.spares()).isEqualTo(3);
				assertThat(context).doesNotHaveBean("three");
			});
	}

	/** YAML reads an unquoted key {@code on} as {@code true}. */
	@Test
	void keyThatIsNotQuotedHasThePrecedenceOfItsFile() {
		allProperties().withInitializer(last(Map.of("vimap.pools.all.retry.on", "crash")))
			.run((context) -> assertThatCausesOf("all", context).containsExactly(RetryCause.TIMEOUT));
		allProperties().withPropertyValues("vimap.pools.all.retry.on=crash")
			.run((context) -> assertThatCausesOf("all", context).containsExactly(RetryCause.CRASH));
		allProperties().withPropertyValues("vimap.pools.all.retry.on[0]=crash")
			.run((context) -> assertThatCausesOf("all", context).containsExactly(RetryCause.CRASH));
		this.runner.withInitializer(last(Map.of("vimap.defaults.retry[true]", "timeout")))
			.withPropertyValues("vimap.defaults.retry.on=crash",
					"vimap.pools.plain.worker=" + TestWorkers.Echo.class.getName())
			.run((context) -> assertThatCausesOf("plain", context).containsExactly(RetryCause.CRASH));
	}

	private AbstractCollectionAssert<?, ?, RetryCause, ?> assertThatCausesOf(String pool, ApplicationContext context) {
		context.getBean(pool, ManagedProcessPool.class).start();
		return assertThat(this.forker.engine(pool).options.retryOn());
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> last(Map<String, Object> properties) {
		return (context) -> context.getEnvironment()
			.getPropertySources()
			.addLast(new MapPropertySource("last", properties));
	}

	private ApplicationContextRunner allProperties() {
		return this.runner.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.name=all-properties");
	}

	private static List<Method> accessors() {
		return Arrays.stream(PoolOptions.class.getDeclaredMethods())
			.filter((method) -> Modifier.isPublic(method.getModifiers()) && !Modifier.isStatic(method.getModifiers())
					&& method.getParameterCount() == 0 && !NOT_PROPERTIES.contains(method.getName()))
			.toList();
	}

	private static String text(Object value) {
		return (value instanceof List<?> list) ? String.join(",", list.stream().map(Object::toString).toList())
				: value.toString();
	}

	private static String camel(String property) {
		return property.substring("vimap.defaults.".length()).replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
	}

}
