package io.vimap.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

import io.vimap.boot.InvalidPoolException;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.ConverterNotFoundException;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Properties of a pool that can't be what their user meant: their names, and their
 * values.
 */
class InvalidPropertyTests {

	private final FailingPools pools = new FailingPools();

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			textBlock = """
					vimap.pools.bad.proceses           | 'proceses' in 'vimap.pools.bad'           | Did you mean 'processes'?
					vimap.pools.bad.task-timout       | 'task-timout' in 'vimap.pools.bad'        | Did you mean 'task-timeout'?
					vimap.pools.bad.retry.max-atempts  | 'max-atempts' in 'vimap.pools.bad.retry'  | Did you mean 'max-attempts'?
					vimap.pools.bad.restart.limit      | 'limit' in 'vimap.pools.bad.restart'      | There are: backoff, intensity, max-backoff, period.
					vimap.defaults.kil-grace           | 'kil-grace' in 'vimap.defaults'           | Did you mean 'kill-grace'?
					vimap.pool.bad.processes           | 'pool.bad.processes' in 'vimap'           | Did you mean 'pools'?
					""")
	void propertyThatDoesNotExist(String property, String problem, String action) {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues(property + "=5",
				"vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("there is no property " + problem, "Value: \"5\"", "Origin: ");
		assertThat(analysis.getAction()).contains(action);
	}

	/** Without a pool nothing else would say so. */
	@Test
	void poolsThatAreNotBelowPools() {
		this.pools.runner.withPropertyValues("vimap.pool.pdf.processes=2")
			.run((context) -> assertThat(context.getStartupFailure())
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo("vimap.pool.pdf.processes");
					assertThat(failure.getReason()).contains("There is no property 'pool.pdf.processes' in 'vimap'",
							"Did you mean 'pools'?");
				}));
		this.pools.runner.withPropertyValues("vimap.enabled.x=2")
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOfSatisfying(
					InvalidConfigurationPropertyValueException.class,
					(failure) -> assertThat(failure.getReason()).isEqualTo("'enabled' is a single value, but 'x' is"
							+ " set below it. Set 'vimap.enabled' to a single value.")));
		this.pools.runner.withPropertyValues("vimap.defaults.processes=2")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
					jvm-args.a     | jvm-args     | a   | a list
			task-timeout.a | task-timeout | a   | a single value
			retry.on.a     | retry.on     | a   | a list
			processes[0]   | processes    | [0] | a single value
			""")
	void propertyBelowOneThatTakesNone(String property, String parent, String below, String kind) {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.Echo.class.getName(), property + "=5");
		assertThat(analysis.getDescription()).contains("' is " + kind + ", but '" + below + "' is set below it",
				"Property: vimap.pools.bad." + property, "Value: \"5\"", "Origin: ");
		assertThat(analysis.getAction()).contains("Set 'vimap.pools.bad." + parent + "' to " + kind);
	}

	@ParameterizedTest
	@CsvSource({ "vimap, pools", "vimap.defaults, retry", "vimap.pools.bad, task-timeout",
			"vimap.pools.bad.retry, max-attempts" })
	void valueOfWhatHasPropertiesBesidesThem(String property, String below) {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues(property + "=enabled",
				"vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName(), "vimap.defaults.processes=1",
				"vimap.pools.bad.retry.max-attempts=2"));
		assertThat(analysis.getDescription()).contains("has properties, but no value of its own",
				"Property: " + property + "\n", "Value: \"enabled\"", "Origin: ");
		assertThat(analysis.getAction()).contains("Set a property below '" + property + "': ", below);
	}

	@Test
	void valueOfAllInAnApplicationWithoutPools() {
		this.pools.runner.withPropertyValues("vimap=enabled")
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOfSatisfying(
					InvalidConfigurationPropertyValueException.class,
					(failure) -> assertThat(failure.getReason()).isEqualTo("'vimap' has properties, but no value of "
							+ "its own. Set a property below 'vimap': defaults, enabled, pools.")));
		// It may be somebody else's.
		this.pools.runner.withSystemProperties("vimap=/opt/vimap").run((context) -> assertThat(context).hasNotFailed());
	}

	/** YAML reads an unquoted key {@code on} as {@code true}. */
	@Test
	void propertyBelowAKeyThatIsNotQuoted() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner
			.withInitializer((context) -> addYaml(context, "vimap.pools.bad.retry: {on: {a: crash}}"))
			.withPropertyValues("vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("'on' is a list, but 'a' is set below it",
				"Property: vimap.pools.bad.retry.on.a", "Value: \"crash\"");
		assertThat(analysis.getAction()).contains("Set 'vimap.pools.bad.retry.on' to a list");
	}

	@ParameterizedTest
	@ExtendWith(OutputCaptureExtension.class)
	@CsvSource(delimiter = '|', textBlock = """
			vimap.pools.bad.retry: {on: [crash, banana]} | vimap.pools.bad.retry.on[1]
			vimap.pools.bad.retry: {"on": [banana]}      | vimap.pools.bad.retry.on[0]
			vimap.pools.bad.retry: {on: banana}          | vimap.pools.bad.retry.on
			vimap.defaults.retry: {on: [banana]}         | vimap.defaults.retry.on[0]
			""")
	void reportOfACauseNamesItsPropertyAsItWasWritten(String yaml, String property, CapturedOutput output) {
		SpringApplication application = new SpringApplicationBuilder(Main.class).web(WebApplicationType.NONE)
			.initializers((context) -> addYaml(context, yaml))
			.build();
		assertThatException()
			.isThrownBy(() -> application.run("--vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The value of '" + property + "' is not a cause of another attempt", "Property: " + property + "\n",
				"Value: \"banana\"", "Origin: ", "Set it to a cause of another attempt, crash or timeout.");
	}

	@ParameterizedTest
	@CsvSource({ "vimap.pools.bad.processes", "vimap.defaults.retry.max-attempts" })
	void fractionOfAWholeNumber(String property) {
		FailureAnalysis analysis = this.pools.analyze(
				yaml(property, 1.5).withPropertyValues("vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("'bad'", "'" + property + "' is not a whole number",
				"Property: " + property, "Value: \"1.5\"");
		assertThat(analysis.getAction()).contains("such as 4");
	}

	@Test
	void environmentThatIsAList() {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.Echo.class.getName(),
				"environment[0]=OMP_NUM_THREADS=1");
		assertThat(analysis.getDescription()).contains("'environment' is a map", "a list is given",
				"Property: vimap.pools.bad.environment[0]", "Value: \"OMP_NUM_THREADS=1\"");
		assertThat(analysis.getAction()).contains("'NAME: value'");
	}

	@Test
	void environmentWithANameThatIsNone() {
		FailureAnalysis analysis = this.pools.analyze(yaml("vimap.pools.bad.environment.[A=B]", 1)
			.withPropertyValues("vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("'environment' is not allowed",
				"Property: vimap.pools.bad.environment[A=B]");
		assertThat(analysis.getAction()).contains("without '='");
	}

	@Test
	void initArgsOfAWrongType() {
		FailureAnalysis analysis = analyzeArgs("init-args.timeout=soon");
		assertThat(analysis.getDescription()).contains("Args", "ArgsWorker", "'soon'",
				"Property: vimap.pools.bad.init-args.timeout", "Value: \"soon\"");
		assertThat(analysis.getAction()).contains("'timeout'", "java.time.Duration");
	}

	@Test
	void initArgsOfAWrongTypeInOneWorker() {
		FailureAnalysis analysis = analyzeArgs("workers[0].server=a", "workers[1].server=b", "workers[1].retries=many");
		assertThat(analysis.getDescription()).contains("Property: vimap.pools.bad.workers[1].retries",
				"Value: \"many\"");
	}

	@Test
	void initArgsTravelAsTextWhateverTheyAreInAFile() {
		FailureAnalysis analysis = this.pools.analyze(yaml("vimap.pools.bad.init-args.retries", 1.5)
			.withPropertyValues("vimap.pools.bad.worker=" + TestWorkers.ArgsWorker.class.getName()));
		assertThat(analysis.getDescription()).contains("\"1.5\"", "Property: vimap.pools.bad.init-args.retries");
		assertThat(analysis.getAction()).contains("'retries'", "int");
	}

	@Test
	void initArgsThatHaveNoPlace() {
		FailureAnalysis analysis = analyzeArgs("init-args.sever=a");
		assertThat(analysis.getDescription()).contains("[sever]", "no place", "It has [retries, server, timeout].",
				"Property: vimap.pools.bad.init-args.sever");
		assertThat(analysis.getAction()).contains("Correct the name");
	}

	@Test
	void initArgsOfTheDefaultsNeedNoPlace() {
		this.pools.runner
			.withPropertyValues("vimap.defaults.init-args.unknown=1", "vimap.pools.good.init-args.server=a",
					"vimap.pools.good.worker=" + TestWorkers.ArgsWorker.class.getName())
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ProcessPool.class));
	}

	@ParameterizedTest
	@CsvSource({ "0", "-3" })
	void noProcesses(String processes) {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.Echo.class.getName(),
				"processes=" + processes);
		assertThat(analysis.getDescription()).contains("at least one process", "Property: vimap.pools.bad.processes",
				"Value: \"" + processes + "\"");
		assertThat(analysis.getAction()).contains("at least 1");
	}

	@Test
	void moreProcessesThanAnybodyCanMean() {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.Echo.class.getName(),
				"processes=2000000000");
		assertThat(analysis.getDescription()).contains("so many processes", "Property: vimap.pools.bad.processes",
				"Value: \"2000000000\"");
		assertThat(analysis.getAction()).contains("from 1 to 10000");
	}

	@Test
	void noProcessesInTheDefaults() {
		FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues("vimap.defaults.processes=0",
				"vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
		assertThat(analysis.getDescription()).contains("Property: vimap.defaults.processes");
	}

	@Test
	void workersThatAreNoList() {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.Echo.class.getName(), "workers.a=1");
		assertThat(analysis.getDescription()).contains("'workers' is not a list", "vimap.pools.bad.workers.a");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			task-timeout   | 10sec | is not a duration | 500ms, 10s
			max-rss        | 10XB  | is not a size     | 64MB
			processes      | many  | is not a whole    | such as 4
			jitter         | some  | is not a number   | 0.1
			required       | maybe | is not a truth    | true or false
			init-args      | some  | is not a map      | a name and a value on each line
			environment    | A=B   | is not a map      | a name and a value on each line
			workers        | 2     | is not a list     | or set 'processes'
			""")
	void valueThatIsNothingOfItsKind(String property, String value, String problem, String allowed) {
		this.pools.runner
			.withPropertyValues("vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName(),
					"vimap.pools.bad." + property + "=" + value)
			.run((context) -> {
				FailureAnalysis analysis = new BadValueFailureAnalyzer().analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains(problem, "Property: vimap.pools.bad." + property,
						"Value: \"" + value + "\"", "Origin: ");
				assertThat(analysis.getAction()).contains(allowed);
			});
	}

	/** Without pools nobody would know why. */
	@ParameterizedTest
	@ValueSource(strings = { "maybe", "" })
	void whetherPoolsAreEnabledIsNoGuess(String value) {
		this.pools.runner.withPropertyValues("vimap.enabled=" + value).run((context) -> {
			FailureAnalysis analysis = new BadValueFailureAnalyzer().analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'vimap.enabled' is not a truth value",
					"Value: \"" + value + "\"", "Origin: ");
			assertThat(analysis.getAction()).contains("true or false");
		});
	}

	@ParameterizedTest
	@CsvSource({ "on, true", "1, true", "yes, true", "off, false", "0, false", "no, false" })
	void truthOfAllPoolsIsWrittenAsThatOfOne(String value, boolean enabled) {
		this.pools.runner
			.withPropertyValues("vimap.enabled=" + value, "vimap.pools.echo.worker=" + TestWorkers.Echo.class.getName(),
					"vimap.pools.echo.primary=" + value)
			.run((context) -> assertThat(context.containsBean("echo")).isEqualTo(enabled));
	}

	@Test
	void valueOfSomebodyElsesPropertyIsNotOurs() {
		Binder binder = new Binder(new MapConfigurationPropertySource(Map.of("server.timeout", "10sec")));
		assertThatException().isThrownBy(() -> binder.bind("server.timeout", Duration.class))
			.satisfies((ex) -> assertThat(new BadValueFailureAnalyzer().analyze(ex)).isNull());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			no.such.Codec    | no such class can be loaded
			java.lang.String | does not implement it
			${NOPE}          | no such class can be loaded
			""")
	void codecThatCanNotBeMade(String value, String problem) {
		for (String prefix : Arrays.asList("vimap.pools.bad.", "vimap.defaults.")) {
			FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues(
					prefix + "codec=" + value, "vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
			assertThat(analysis.getDescription()).contains("'bad'", "'codec' is not allowed",
					"Property: " + prefix + "codec", "Value: \"" + value + "\"", "Origin: ");
			assertThat(analysis.getAction()).contains(problem, "'auto'", "io.vimap.protocol.PayloadCodec");
		}
	}

	@Test
	void emptyWorkers() {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.Echo.class.getName(), "workers=");
		assertThat(analysis.getDescription()).contains("'workers' has no entries", "vimap.pools.bad.workers");
	}

	@Test
	void workersThatAreNoMaps() {
		// Spring Boot's own analysis of a value that can't be bound says all there is to
		// say.
		this.pools.runner
			.withPropertyValues("vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName(),
					"vimap.pools.bad.workers[0]=http://a")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(ConverterNotFoundException.class));
	}

	@Test
	void processesThatContradictWorkers() {
		FailureAnalysis analysis = this.pools.analyze("worker=" + TestWorkers.ArgsWorker.class.getName(), "processes=3",
				"workers[0].server=a");
		assertThat(analysis.getDescription()).contains("'processes' is 3 but 'workers' has 1");
		// Where it is set may be a file that others need as it is.
		assertThat(analysis.getAction()).contains("Remove 'processes', or set it to 1 where 'workers' is set");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			task-timeout           | 0s   | longer than zero
			init-timeout           | -1s  | longer than zero
			start-timeout          | 0s   | longer than zero
			cleanup-timeout        | 0s   | longer than zero
			drain-timeout          | -1s  | zero or more
			kill-grace             | -1s  | zero or more
			retry.max-attempts     | 0    | at least 1
			restart.intensity      | -1   | at least 0
			restart.period         | 0s   | longer than zero
			restart.backoff        | -1s  | zero or more
			restart.max-backoff    | -1s  | zero or more
			max-tasks-per-worker   | 0    | at least 1
			max-lifetime           | 0s   | longer than zero
			jitter                 | 1.5  | from 0 to 1
			max-rss                | 0B   | at least 1
			spares                 | -1   | from 0 to 10000
			spares                 | 2000000000 | from 0 to 10000
			prefetch               | -1   | at least 0
			max-in-flight          | 0    | at least 1
			max-payload            | 2GB  | 1 GiB
			""")
	void valueThatTheEngineRefuses(String property, String value, String allowed) {
		for (String prefix : Arrays.asList("vimap.pools.bad.", "vimap.defaults.")) {
			FailureAnalysis analysis = this.pools.analyze(this.pools.runner.withPropertyValues(
					prefix + property + "=" + value, "vimap.pools.bad.worker=" + TestWorkers.Echo.class.getName()));
			assertThat(analysis.getDescription()).contains("'" + property + "' is not allowed",
					"Property: " + prefix + property, "Value: \"" + value + "\"", "Origin: ");
			assertThat(analysis.getAction()).contains(allowed);
		}
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void reportNamesFileAndLine(CapturedOutput output) {
		SpringApplication application = new SpringApplicationBuilder(Main.class).web(WebApplicationType.NONE)
			.properties("spring.config.name=bad-pool")
			.build();
		assertThatException().isThrownBy(application::run).havingRootCause().isInstanceOf(InvalidPoolException.class);
		assertThat(output).contains("APPLICATION FAILED TO START", "Property: vimap.pools.requests.processes",
				"Value: \"0\"", "Origin: class path resource [bad-pool.yml] - 4:18", "Action:");
	}

	@ParameterizedTest
	@ExtendWith(OutputCaptureExtension.class)
	@CsvSource({ "init-args.timeout, soon", "init-args.sever, a", "workers[0].retries, many" })
	void reportOfInitArgsNamesThePoolAndItsProperty(String property, String value, CapturedOutput output) {
		// Spring Boot has analyses of its own for the causes, which know nothing of
		// pools.
		SpringApplication application = new SpringApplicationBuilder(Main.class).web(WebApplicationType.NONE).build();
		assertThatException()
			.isThrownBy(() -> application.run("--vimap.pools.bad.worker=" + TestWorkers.ArgsWorker.class.getName(),
					"--vimap.pools.bad." + property + "=" + value));
		assertThat(output).contains("APPLICATION FAILED TO START", "Process pool 'bad' can't be created", "ArgsWorker",
				"Property: vimap.pools.bad." + property, "Value: \"" + value + "\"", "Action:");
	}

	/** With a value as a YAML file has it: a number, not a text. */
	private ApplicationContextRunner yaml(String property, Object value) {
		return this.pools.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("yaml", Map.of(property, value))));
	}

	private static void addYaml(ConfigurableApplicationContext context, String yaml) {
		try {
			new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
				.forEach(context.getEnvironment().getPropertySources()::addLast);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private FailureAnalysis analyzeArgs(String... properties) {
		return this.pools
			.analyze(Stream.concat(Stream.of("worker=" + TestWorkers.ArgsWorker.class.getName()), Stream.of(properties))
				.toArray(String[]::new));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(ProcessPoolAutoConfiguration.class)
	static class Main {

	}

}
