package io.vimap.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A program that may start no more threads: a child that connects to its pool waits for
 * one, or is replaced for that reason.
 */
@ExtendWith(LeakCheck.class)
@EnabledOnOs(OS.LINUX)
class FewThreadsIT {

	/** The JVM itself goes on: what it allocates comes from one heap that has room. */
	private static final Map<String, String> ROOM = Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_TOP_PAD_", "16777216",
			"MALLOC_MMAP_THRESHOLD_", "4194304");

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "accept-later", "give-up" })
	void aChildWaitsForTheThreadThatServesIt(String what) throws Exception {
		Path output = this.directory.resolve("output");
		// A limit of address space, as one of threads does not hold for root.
		ProcessBuilder builder = new ProcessBuilder("sh", "-c", "ulimit -v 25000000; exec \"$@\"", "sh",
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:+UseSerialGC",
				"-Xlog:disable", "-Djava.io.tmpdir=" + temporary(), "-cp", System.getProperty("java.class.path"),
				FewThreadsMain.class.getName(), what)
			.redirectErrorStream(true)
			.redirectOutput(output.toFile());
		builder.environment().putAll(ROOM);
		Process program = builder.start();
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
