package io.vimap.boot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.vimap.boot.greeting.GreetingApplication;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does what {@code spring-boot:process-aot} does with an application, and runs what comes
 * out of it. The demo does it with the plugin itself.
 */
class AheadOfTimeIT {

	private static final String CONFIGURATION = "--spring.config.location=classpath:/greeting.yml";

	@TempDir
	private static Path directory;

	private static Path sources;

	private static Path classes;

	@BeforeAll
	static void process() throws Exception {
		sources = Files.createDirectory(directory.resolve("sources"));
		classes = Files.createDirectory(directory.resolve("classes"));
		// Resources and generated classes go where the compiled sources go.
		assertThat(run(List.of(), SpringApplicationAotProcessor.class, GreetingApplication.class.getName(),
				sources.toString(), classes.toString(), classes.toString(), "io.vimap", "greeting", CONFIGURATION))
			.endsWith("exit code 0");
		compile();
	}

	@Test
	void poolOfAnApplicationProcessedAheadOfTimeForksItsWorkers() throws Exception {
		String output = run(List.of("-Dspring.aot.enabled=true"), GreetingApplication.class, CONFIGURATION);
		assertThat(output).contains("generated: true")
			.containsPattern("Greeting\\[text=Hello Ada!, pid=\\d+]")
			.containsPattern("Greeting\\[text=Hello Grace!, pid=\\d+]")
			.endsWith("exit code 0");
		assertThat(output.lines().filter((line) -> line.startsWith("application: ")).findFirst())
			.hasValueSatisfying((line) -> assertThat(output).doesNotContain(line.replaceAll(".*(pid=\\d+).*", "$1]")));
	}

	@Test
	void propertiesThatComeTooLateAreRefused() throws Exception {
		String output = run(List.of("-Dspring.aot.enabled=true"), GreetingApplication.class, CONFIGURATION,
				"--vimap.pools.greter.processes=2");
		assertThat(output)
			.contains("'greter'", "there was no such pool when", "Property: vimap.pools.greter.processes",
					"Set the property when the application is built, or start it without 'spring.aot.enabled'.")
			.endsWith("exit code 1");
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_25) // Spring Boot refuses older ones itself
	void nativeImageIsRefusedWithWhatToDo() throws Exception {
		// What Spring takes for a native image.
		String output = run(List.of("-Dspring.aot.enabled=true", "-Dorg.graalvm.nativeimage.imagecode=runtime"),
				GreetingApplication.class, CONFIGURATION);
		assertThat(output).contains("a native image has neither a JVM nor a class path")
			.contains("Run the application on a JVM, or set 'vimap.enabled' to 'false' when building the image.")
			.endsWith("exit code 1");
	}

	private static void compile() throws IOException {
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp",
				JavaProgram.join(JavaProgram.before(classes))));
		try (Stream<Path> files = Files.walk(sources)) {
			files.filter((file) -> file.toString().endsWith(".java")).map(Path::toString).forEach(arguments::add);
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
	}

	private static String run(List<String> options, Class<?> program, String... arguments) throws Exception {
		try (JavaProgram running = JavaProgram.start(directory, options, JavaProgram.before(classes), program,
				arguments)) {
			int code = running.exitCode();
			return running.output() + "exit code " + code;
		}
	}

}
