package io.vimap.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program that may open no more files: its pool waits, says so once, and goes on.
 */
@ExtendWith(LeakCheck.class)
@EnabledOnOs(OS.LINUX)
class FewFilesIT {

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "accept-later", "last-words" })
	void aPoolWithoutDescriptorsWaitsForThem(String what) throws Exception {
		Path output = this.directory.resolve("output");
		Process program = new ProcessBuilder("sh", "-c", "ulimit -n 150; exec \"$@\"", "sh",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UseContainerSupport",
				"-Djava.io.tmpdir=" + temporary(), "-cp", System.getProperty("java.class.path"),
				FewFilesMain.class.getName(), what)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			boolean ended = program.waitFor(60, TimeUnit.SECONDS);
			assertThat(ended).as(Files.readString(output)).isTrue();
			assertThat(program.exitValue()).as(Files.readString(output)).isZero();
		}
		finally {
			program.destroyForcibly().waitFor();
		}
	}

	private Path temporary() throws IOException {
		return Files.createDirectories(this.directory.resolve("t"));
	}

}
