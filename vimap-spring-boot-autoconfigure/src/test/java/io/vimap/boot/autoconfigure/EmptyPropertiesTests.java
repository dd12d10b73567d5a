package io.vimap.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.vimap.boot.ProcessPools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keys of YAML below which, or beside which, there is nothing: all of it is commented
 * out, or is left to another file.
 */
class EmptyPropertiesTests {

	private static final String WORKER = "vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName();

	private final FailingPools pools = new FailingPools();

	@ParameterizedTest
	@ValueSource(strings = { "vimap:", "vimap: {pools: }", "vimap: {pools: {bad: }}", "vimap: {defaults: }",
			"vimap.pools.bad: {retry: }", "vimap.pools.bad: {restart: }", "vimap.defaults: {retry: }",
			"vimap.pools.bad: {environment: , init-args: , jvm-args: }" })
	void sectionThatIsEmptySaysNothing(String yaml) {
		yaml(yaml)
			.withPropertyValues(WORKER, "vimap.pools.bad.processes=3", "vimap.defaults.spares=2",
					"vimap.pools.bad.retry.max-attempts=4")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.pools.forker.engine("bad").specs).hasSize(3);
				assertThat(this.pools.forker.engine("bad").options.spares()).isEqualTo(2);
				assertThat(this.pools.forker.engine("bad").options.retryMaxAttempts()).isEqualTo(4);
			});
	}

	@Test
	void poolThatIsDisabledElsewhereStaysSo() {
		yaml("vimap: {pools: {bad: }}").withPropertyValues(WORKER, "vimap.pools.bad.enabled=false")
			.run((context) -> assertThat(context.getBean(ProcessPools.class).names()).isEmpty());
	}

	@ParameterizedTest
	@CsvSource({ "pools.bad.processes", "pools.bad.task-timeout", "defaults.max-rss", "pools.bad.retry.max-attempts" })
	void valueThatIsEmpty(String property) {
		FailureAnalysis analysis = this.pools.analyze(yaml("vimap." + property + ":").withPropertyValues(WORKER));
		assertThat(analysis.getDescription()).contains(
				"'" + property.substring(property.lastIndexOf('.') + 1) + "' is empty.", "Property: vimap." + property,
				"Value: \"\"", "Origin: ");
		assertThat(analysis.getAction()).isEqualTo("Give 'vimap." + property + "' a value, or remove it.");
	}

	@Test
	void workerThatIsEmpty() {
		FailureAnalysis analysis = this.pools.analyze("worker=", "processes=1");
		assertThat(analysis.getDescription()).contains("it has no worker");
	}

	@Test
	void emptyVariableThatHidesAValue() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("VIMAP_POOLS_BAD_PROCESSES", ""))))
			.withPropertyValues(WORKER, "vimap.pools.bad.processes=3"));
		assertThat(analysis.getDescription()).contains("'processes' is empty.", "Value: \"\"",
				"VIMAP_POOLS_BAD_PROCESSES");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			vimap.pools.bad: {retry: 3}   | retry    | vimap.pools.bad.retry
			vimap.defaults: {restart: 3}  | restart  | vimap.defaults.restart
			vimap: {defaults: 3}          | defaults | vimap.defaults
			""")
	void valueOfASection(String yaml, String element, String property) {
		FailureAnalysis analysis = this.pools.analyze(yaml(yaml).withPropertyValues(WORKER));
		assertThat(analysis.getDescription()).contains("'" + element + "' has properties, but no value of its own",
				"Property: " + property, "Value: \"3\"");
		assertThat(analysis.getAction()).contains("Set a property below '" + property + "': ");
	}

	private ApplicationContextRunner yaml(String yaml) {
		return this.pools.runner.withInitializer((context) -> addYaml(context, yaml));
	}

	private static void addYaml(ConfigurableApplicationContext context, String yaml) {
		try {
			new YamlPropertySourceLoader()
				.load("test.yml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
				.forEach(context.getEnvironment().getPropertySources()::addFirst);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
