package io.vimap.boot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vimap.boot.greeting.GreetingApplication;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that Spring Boot's developer tools restart when its class path changes.
 */
class DevToolsRestartIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Pattern GREETING = Pattern.compile("Greeting\\[text=(\\w+) Ada!, pid=(\\d+)]");

	@TempDir
	private Path directory;

	private Path classes;

	@BeforeEach
	void copyClasses() throws IOException {
		this.classes = Files.createDirectory(this.directory.resolve("classes"));
		Path all = JavaProgram.location(GreetingApplication.class);
		String inner = GreetingApplication.class.getPackageName().replace('.', '/');
		Files.createDirectories(this.classes.resolve(inner));
		try (Stream<Path> files = Files.list(all.resolve(inner))) {
			for (Path file : files.toList()) {
				Files.copy(file, this.classes.resolve(all.relativize(file)));
			}
		}
		writeSalutation("Hello");
	}

	private void writeSalutation(String salutation) throws IOException {
		Files.writeString(this.classes.resolve("application.yml"), """
				vimap.pools.greeter:
				  processes: 1
				  init-args.salutation: %s
				spring:
				  main:
				    web-application-type: none
				    keep-alive: true
				  devtools.restart:
				    poll-interval: 100ms
				    quiet-period: 50ms
				""".formatted(salutation));
	}

	@Test
	void restartReplacesThePool() throws Exception {
		List<Path> classPath = Stream
			.concat(Stream.of(this.classes, JavaProgram.DEV_TOOLS),
					JavaProgram.before().stream().filter((entry) -> !isOfTests(entry)))
			.toList();
		try (JavaProgram application = JavaProgram.start(this.directory, List.of(), classPath,
				GreetingApplication.class)) {
			long first = awaitGreeting(application, "Hello");
			assertThat(pids(application)).containsExactly(first);
			writeSalutation("Bonjour");
			long second = awaitGreeting(application, "Bonjour");
			assertThat(pids(application)).containsExactly(second).doesNotContain(first);
			assertThat(application.output()).contains("loader=RestartClassLoader")
				.doesNotContain("loader=AppClassLoader", "WARN", "ERROR");
			application.terminate();
			application.exitCode();
			assertThat(ProcessHandle.of(second).filter(ProcessHandle::isAlive)).isEmpty();
		}
		assertThat(this.directory).isDirectoryNotContaining("glob:**/hs_err*");
	}

	private static boolean isOfTests(Path entry) {
		return entry.endsWith("test-classes");
	}

	/** Returns the process that greets so. */
	private static long awaitGreeting(JavaProgram application, String salutation) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(application.output()).containsPattern(salutation + " Grace!"));
		Matcher greeting = GREETING.matcher(application.output());
		return greeting.results()
			.filter((found) -> found.group(1).equals(salutation))
			.map((found) -> Long.valueOf(found.group(2)))
			.findFirst()
			.orElseThrow();
	}

	private static Set<Long> pids(JavaProgram application) {
		return application.children().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
	}

}
