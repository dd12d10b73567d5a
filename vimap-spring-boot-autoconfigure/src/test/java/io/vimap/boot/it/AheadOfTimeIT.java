package io.vimap.boot.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import io.vimap.boot.aot.AheadOfTimeApplication;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplicationAotProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does what {@code spring-boot:process-aot} does with an application, and runs what comes
 * out of it.
 */
class AheadOfTimeIT {

	private static final String CONFIGURATION = "--spring.config.location=classpath:/ahead-of-time.yml";

	@TempDir
	private Path directory;

	private Path sources;

	private Path classes;

	@BeforeEach
	void process() throws Exception {
		this.sources = Files.createDirectory(this.directory.resolve("sources"));
		this.classes = Files.createDirectory(this.directory.resolve("classes"));
		// Resources and generated classes go where the compiled sources go.
		assertThat(run(List.of(), SpringApplicationAotProcessor.class, AheadOfTimeApplication.class.getName(),
				this.sources.toString(), this.classes.toString(), this.classes.toString(), "io.vimap", "ahead-of-time",
				CONFIGURATION))
			.endsWith("exit code 0");
		compile();
	}

	@Test
	void poolOfAnApplicationProcessedAheadOfTimeForksItsWorkers() throws Exception {
		String output = run(List.of("-Dspring.aot.enabled=true"), AheadOfTimeApplication.class, CONFIGURATION);
		assertThat(output).contains("generated: true")
			.containsPattern("Greeting\\[text=Hello Ada!, pid=\\d+]")
			.containsPattern("Greeting\\[text=Hello Grace!, pid=\\d+]")
			.endsWith("exit code 0");
		assertThat(output.lines().filter((line) -> line.startsWith("application: ")).findFirst()).hasValueSatisfying(
				(line) -> assertThat(output).doesNotContain("pid=" + line.substring("application: ".length()) + "]"));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_25) // Spring Boot refuses older ones itself
	void nativeImageIsRefusedWithWhatToDo() throws Exception {
		// What Spring takes for a native image.
		String output = run(List.of("-Dspring.aot.enabled=true", "-Dorg.graalvm.nativeimage.imagecode=runtime"),
				AheadOfTimeApplication.class, CONFIGURATION);
		assertThat(output).contains("a native image has neither a JVM nor a class path")
			.contains("Run the application on a JVM, or set 'vimap.enabled' to 'false' when building the image.")
			.endsWith("exit code 1");
	}

	private void compile() throws IOException {
		List<String> arguments = new ArrayList<>(
				List.of("-proc:none", "-nowarn", "-d", this.classes.toString(), "-cp", classPath()));
		try (Stream<Path> files = Files.walk(this.sources)) {
			files.filter((file) -> file.toString().endsWith(".java")).map(Path::toString).forEach(arguments::add);
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
	}

	private String classPath() {
		return this.classes + File.pathSeparator + System.getProperty("java.class.path");
	}

	private String run(List<String> options, Class<?> program, String... arguments) throws Exception {
		Path output = Files.createTempFile(this.directory, "output", ".txt");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(options);
		command.addAll(List.of("-cp", classPath(), program.getName()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(() -> read(output)).isTrue();
			return read(output) + "exit code " + process.exitValue();
		}
		finally {
			process.destroyForcibly();
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
