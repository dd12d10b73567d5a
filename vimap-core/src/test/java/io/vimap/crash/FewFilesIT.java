package io.vimap.crash;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A program that may open no more files: its pool waits, says so once, and goes on.
 */
@ExtendWith(LeakCheck.class)
@EnabledOnOs(OS.LINUX)
class FewFilesIT {

	private static final LimitedProgram PROGRAM = new LimitedProgram("ulimit -n 150", Map.of(),
			List.of("-XX:-UseContainerSupport"), FewFilesMain.class);

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "accept-later", "kill", "last-words" })
	void aPoolWithoutDescriptorsWaitsForThem(String what) throws Exception {
		PROGRAM.assertSucceeds(this.directory, what);
	}

}
