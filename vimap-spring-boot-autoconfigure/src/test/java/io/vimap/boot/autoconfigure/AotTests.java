package io.vimap.boot.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

class AotTests {

	@Test
	void poolsCanBeProcessedAheadOfTime() throws Exception {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of("vimap.pools.lengths.init-args.server=a").applyTo(context);
			context.register(Application.class);
			InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get(Application.class)), files);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
			String sources = files.getGeneratedFiles(org.springframework.aot.generate.GeneratedFiles.Kind.SOURCE)
				.values()
				.stream()
				.map(AotTests::text)
				.reduce("", String::concat);
			assertThat(sources).contains("ProcessPoolRegistrar.beanDefinition(\"lengths\"",
					"ProcessPoolRegistrar.beanDefinition(\"upper\"", "\"io.vimap.boot.autoconfigure.workers.Upper\"",
					"ProcessPoolRegistrar.clientDefinition(\"called\"");
		}
	}

	private static String text(org.springframework.core.io.InputStreamSource source) {
		try {
			return new String(source.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(
			basePackages = { "io.vimap.boot.autoconfigure.workers", "io.vimap.boot.autoconfigure.clients.called" })
	@ImportAutoConfiguration(ProcessPoolAutoConfiguration.class)
	static class Application {

	}

}
