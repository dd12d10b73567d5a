package io.vimap.pool;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PoolOptionsTests {

	@Test
	void whatIsBuiltDoesNotChange() {
		PoolOptions.Builder builder = PoolOptions.builder().name("first").spares(1);
		PoolOptions first = builder.build();
		PoolOptions second = builder.name("second").build();
		PoolOptions third = first.toBuilder().name("third").build();
		assertThat(List.of(first.name(), second.name(), third.name())).containsExactly("first", "second", "third");
		assertThat(third.spares()).isEqualTo(1);
		assertThat(PoolOptions.defaults().name()).isEqualTo("pool");
		Set<RetryCause> causes = PoolOptions.defaults().retryOn();
		assertThatThrownBy(causes::clear).isInstanceOf(UnsupportedOperationException.class);
	}

	@Test
	void whatNoCommandLineCanHoldIsRefusedAtOnce() {
		PoolOptions.Builder builder = PoolOptions.builder();
		assertThatIllegalArgumentException().isThrownBy(() -> builder.jvmArgs(List.of("-Xmx1g", "-Da=\0")))
			.withMessage("Property 'jvm-args[1]' has a NUL character at index 4. Allowed: text without NUL"
					+ " characters, which neither a command line nor an environment can hold.");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.environment(Map.of("TOKEN", "secret\0")))
			.withMessageContaining("'environment.TOKEN'")
			.withMessageNotContaining("secret");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.environment(Map.of("A\0", "b")))
			.withMessageContaining("'environment.A\\0'");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.commandPrefix(List.of("\0")))
			.withMessageContaining("'command-prefix[0]'");
		assertThatIllegalArgumentException().isThrownBy(() -> builder.classPath(List.of("a\0.jar")))
			.withMessageContaining("'class-path[0]'");
	}

	@Test
	void aBuilderStartsFromAllValues() throws Exception {
		PoolOptions options = PoolOptions.builder()
			.name("other")
			.taskTimeout(Duration.ofSeconds(1))
			.retryMaxAttempts(7)
			.retryOn(Set.of(RetryCause.CRASH))
			.maxLifetime(Duration.ofHours(1))
			.jvmArgs(List.of("-Xmx1g"))
			.environment(Map.of("A", "b"))
			.autoStart(false)
			.mode(PoolMode.SERIAL)
			.taskContext(Map::of)
			.build();
		PoolOptions copy = options.toBuilder().build();
		List<Method> values = Arrays.stream(PoolOptions.class.getDeclaredMethods())
			.filter((method) -> method.getParameterCount() == 0 && method.getReturnType() != PoolOptions.Builder.class
					&& method.getReturnType() != PoolOptions.class)
			.toList();
		assertThat(values).hasSizeGreaterThan(30);
		for (Method value : values) {
			assertThat(value.invoke(copy)).as(value.getName()).isEqualTo(value.invoke(options));
		}
	}

}
