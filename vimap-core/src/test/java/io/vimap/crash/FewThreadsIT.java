package io.vimap.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that may start no more threads: a child that connects to its pool waits for
 * one, or is replaced for that reason, and callbacks do without.
 */
@ExtendWith(LeakCheck.class)
@EnabledOnOs(OS.LINUX)
class FewThreadsIT {

	/** The JVM itself goes on: what it allocates comes from one heap that has room. */
	private static final Map<String, String> ROOM = Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_TOP_PAD_", "16777216",
			"MALLOC_MMAP_THRESHOLD_", "4194304");

	/** With a limit of address space, as one of threads does not hold for root. */
	private static final LimitedProgram PROGRAM = new LimitedProgram("ulimit -v 25000000", ROOM,
			List.of("-Xmx64m", "-XX:+UseSerialGC", "-Xlog:disable"), FewThreadsMain.class);

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "accept-later", "give-up" })
	void aChildWaitsForTheThreadThatServesIt(String what) throws Exception {
		PROGRAM.assertSucceeds(this.directory, what);
	}

	@Test
	void aChildWithoutThreadsIsNotLeftBehind() throws Exception {
		PROGRAM.assertSucceeds(this.directory, "grow");
	}

	@Test
	void callbacksAreCalledWithoutAThreadForThem() throws Exception {
		PROGRAM.assertSucceeds(this.directory, "call-back");
	}

}
