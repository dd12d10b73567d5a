package io.vimap.boot.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.vimap.boot.greeting.GreetingApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that is told to end while its workers are being started.
 */
class ShutdownWhileStartingIT {

	@TempDir
	private Path directory;

	@Test
	void applicationDoesNotWaitForItsWorkersAndLeavesNothing() throws Exception {
		try (JavaProgram application = JavaProgram.start(this.directory, List.of("-Djava.io.tmpdir=" + this.directory),
				JavaProgram.before(), GreetingApplication.class, "--spring.config.location=classpath:/greeting.yml",
				"--vimap.pools.greeter.start-timeout=1h", "--vimap.pools.greeter.command-prefix=sh,-c,exec sleep 1h")) {
			await().atMost(Duration.ofMinutes(1)).until(() -> application.children().size() == 2);
			List<ProcessHandle> workers = application.children();
			application.terminate();
			assertThat(application.exitCode()).as(application::output).isEqualTo(128 + 15);
			assertThat(workers).noneMatch(ProcessHandle::isAlive);
			assertThat(this.directory).isDirectoryNotContaining("glob:**/vimap-*");
			assertThat(application.output()).doesNotContain("Started GreetingApplication");
		}
	}

}
