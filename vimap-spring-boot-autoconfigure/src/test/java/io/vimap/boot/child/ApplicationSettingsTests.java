package io.vimap.boot.child;

import java.util.Map;

import io.vimap.worker.Worker;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the application says about all of its beans holds for the slice that a worker
 * imports, too.
 */
class ApplicationSettingsTests {

	@Test
	void definitionsAreOverriddenWhereTheApplicationAllowsIt() throws Exception {
		assertThatException().isThrownBy(() -> create(Map.of(), WordWorker.class, First.class, Second.class))
			.withMessageContaining("word");
		assertThat(create(Map.of("spring.main.allow-bean-definition-overriding", "true"), WordWorker.class, First.class,
				Second.class)
			.process("")).isEqualTo("second");
	}

	@Test
	void beansNeedEachOtherWhereTheApplicationAllowsIt() throws Exception {
		assertThatException().isThrownBy(() -> create(Map.of(), WordWorker.class, First.class, Circle.class))
			.withMessageContaining("circular reference");
		assertThat(create(Map.of("spring.main.allow-circular-references", "true"), WordWorker.class, First.class,
				Circle.class)
			.process("")).isEqualTo("first");
	}

	private Worker<String, String> create(Map<String, Object> properties, Class<?> worker, Class<?>... imports)
			throws Exception {
		StandardEnvironment parent = new StandardEnvironment();
		parent.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return SpringWorkers.create(parent, Map.of(), worker, imports);
	}

	static class WordWorker implements Worker<String, String> {

		private final ObjectProvider<String> word;

		WordWorker(ObjectProvider<String> word) {
			this.word = word;
		}

		@Override
		public String process(String input) {
			return this.word.getObject();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class First {

		@Bean
		String word() {
			return "first";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Second {

		@Bean
		String word() {
			return "second";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Circle.Left.class, Circle.Right.class })
	static class Circle {

		static class Left {

			@Autowired
			private Right right;

		}

		static class Right {

			@Autowired
			private Left left;

		}

	}

}
