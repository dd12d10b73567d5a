package io.vimap.boot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.vimap.boot.ProcessPools;
import io.vimap.worker.Worker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Init args as workers see them.
 */
class InitArgsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class))
		.withPropertyValues("vimap.defaults.mode=serial", "vimap.defaults.processes=1",
				"vimap.pools.bound.worker=" + Bound.class.getName(), "vimap.pools.raw.worker=" + Raw.class.getName());

	@ParameterizedTest
	@CsvSource({ "pools.%s, pools.%s", "pools.%s, defaults", "defaults, defaults" })
	void listReplacesATextThatStandsForOne(String higher, String lower) {
		sources(Map.of("tags[0]", "x"), higher, Map.of("tags", "a,b"), lower).run((context) -> {
			assertThat(tell(context.getBean(ProcessPools.class), "bound")).isEqualTo("[x]");
			assertThat(tell(context.getBean(ProcessPools.class), "raw")).isEqualTo("{0=x}");
		});
	}

	@ParameterizedTest
	@CsvSource({ "pools.%s, pools.%s", "pools.%s, defaults", "defaults, defaults" })
	void textReplacesAList(String higher, String lower) {
		sources(Map.of("tags", "a,b"), higher, Map.of("tags[0]", "x"), lower).run((context) -> {
			assertThat(tell(context.getBean(ProcessPools.class), "bound")).isEqualTo("[a, b]");
			assertThat(tell(context.getBean(ProcessPools.class), "raw")).isEqualTo("a,b");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "time-out", "timeOut" })
	void variableOfTheOperatingSystemDoesNotRenameWhatItOverrides(String name) {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("VIMAP_POOLS_RAW_INITARGS_TAGS_TIMEOUT", "5s"))))
			.withPropertyValues("vimap.pools.raw.init-args.tags." + name + "=2s")
			.run((context) -> assertThat(tell(context.getBean(ProcessPools.class), "raw"))
				.isEqualTo("{" + name + "=5s}"));
	}

	@Test
	void placeholderThatIsEscapedIsNotResolved() {
		this.runner
			.withPropertyValues("name=Ada", "vimap.pools.raw.init-args.tags=${name}: \\${name}",
					"vimap.pools.bound.init-args.tags=${name}: \\${nobody}")
			.run((context) -> {
				assertThat(tell(context.getBean(ProcessPools.class), "raw")).isEqualTo("Ada: ${name}");
				assertThat(tell(context.getBean(ProcessPools.class), "bound")).isEqualTo("[Ada: ${nobody}]");
			});
	}

	private ApplicationContextRunner sources(Map<String, String> first, String firstPrefix, Map<String, String> second,
			String secondPrefix) {
		return this.runner.withInitializer((context) -> {
			MutablePropertySources sources = context.getEnvironment().getPropertySources();
			for (String pool : List.of("bound", "raw")) {
				sources.addLast(source(pool + " first", firstPrefix.formatted(pool), first));
				sources.addLast(source(pool + " second", secondPrefix.formatted(pool), second));
			}
		});
	}

	private static MapPropertySource source(String name, String prefix, Map<String, String> initArgs) {
		Map<String, Object> properties = new LinkedHashMap<>();
		initArgs.forEach((arg, value) -> properties.put("vimap." + prefix + ".init-args." + arg, value));
		return new MapPropertySource(name, properties);
	}

	private static String tell(ProcessPools pools, String pool) {
		CompletableFuture<String> answer = pools.get(pool, String.class, String.class).submit("");
		assertThat(answer).succeedsWithin(Duration.ofSeconds(30));
		return answer.join();
	}

	static class Bound implements Worker<String, String> {

		private final Args args;

		Bound(Args args) {
			this.args = args;
		}

		@Override
		public String process(String input) {
			return String.valueOf(this.args.tags());
		}

		record Args(List<String> tags) {
		}

	}

	static class Raw implements Worker<String, String> {

		private final Map<String, Object> args;

		Raw(Map<String, Object> args) {
			this.args = args;
		}

		@Override
		public String process(String input) {
			return String.valueOf(this.args.get("tags"));
		}

	}

}
