package io.vimap.boot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.vimap.boot.greeting.GreetingApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application whose own Logback configuration writes to a file.
 */
class LogFileIT {

	private static final String LOGBACK = """
			<configuration>
				<appender name="FILE" class="ch.qos.logback.core.FileAppender">
					<file>application.log</file>
					<encoder><pattern>%level|%logger|%msg%n</pattern></encoder>
				</appender>
				<root level="INFO"><appender-ref ref="FILE"/></root>
			</configuration>
			""";

	@TempDir
	private Path directory;

	@Test
	void fileIsOpenedByTheApplicationAloneWhichLogsForItsWorkers() throws Exception {
		Path configuration = Files.createDirectory(this.directory.resolve("configuration"));
		// Before the one of these tests.
		Files.writeString(configuration.resolve("logback-test.xml"), LOGBACK);
		// Where a worker would open the file.
		Path workers = Files.createDirectory(this.directory.resolve("workers"));
		try (JavaProgram application = JavaProgram.start(this.directory, List.of(), JavaProgram.before(configuration),
				GreetingApplication.class, "--spring.config.location=classpath:/greeting.yml",
				"--vimap.pools.greeter.processes=1", "--vimap.pools.greeter.working-directory=" + workers)) {
			assertThat(application.exitCode()).as(application::output).isZero();
			assertThat(application.output()).containsPattern("Greeting\\[text=Hello Ada!, pid=\\d+]")
				.doesNotContain("greeting Ada");
		}
		List<String> log = Files.readAllLines(this.directory.resolve("application.log"));
		assertThat(log).anyMatch((line) -> line.startsWith("INFO|" + GreetingApplication.class.getName() + "|Started"));
		assertThat(log.stream().filter((line) -> line.contains("greeting Ada"))).singleElement()
			.asString()
			.startsWith("INFO|vimap.greeter.0|")
			.matches(".*INFO +\\[[\\w-]+] +io\\.vimap\\.boot\\.greeting\\.Greeter +: greeting Ada");
		assertThat(workers).isEmptyDirectory();
	}

	@Test
	void whatConcernsTheConsoleOfTheApplicationLosesNothingOfItsWorkers() throws Exception {
		try (JavaProgram application = JavaProgram.start(this.directory, List.of(), JavaProgram.before(),
				GreetingApplication.class, "--spring.config.location=classpath:/greeting.yml",
				"--vimap.pools.greeter.processes=1", "--logging.file.name=application.log",
				"--logging.threshold.console=off", "--logging.charset.console=UTF-16")) {
			assertThat(application.exitCode()).as(application::output).isZero();
		}
		assertThat(Files.readAllLines(this.directory.resolve("application.log")))
			.filteredOn((line) -> line.contains("vimap.greeter.0"))
			.satisfiesExactly((line) -> assertThat(line).endsWith(" : greeting Ada"),
					(line) -> assertThat(line).endsWith(" : greeting Grace"));
	}

}
