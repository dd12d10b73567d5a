package io.vimap.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * A program whose directory for temporary files, in memory, has no space left.
 */
@ExtendWith(LeakCheck.class)
@EnabledOnOs(OS.LINUX)
class FullDiskIT {

	/** A mount that only the program sees, which any user may make. */
	private static final String UNSHARE = "unshare --map-root-user --mount sh -c ";

	private static final LimitedProgram PROGRAM = new LimitedProgram(
			"exec " + UNSHARE + "'mount -t tmpfs -o size=24m none \"$0\" && exec \"$@\"' \"$0\" \"$@\"", Map.of(),
			List.of(), FullDiskMain.class);

	@TempDir
	Path directory;

	@Test
	void aPoolGoesOnWithoutSpaceAndSaysWhereThereIsNone() throws Exception {
		assumeThat(mayMount()).as("user namespaces").isTrue();
		PROGRAM.assertSucceeds(this.directory, "");
	}

	private boolean mayMount() throws IOException, InterruptedException {
		return new ProcessBuilder("sh", "-c", UNSHARE + "'mount -t tmpfs none \"$0\"' \"$0\"",
				this.directory.toString())
			.inheritIO()
			.start()
			.waitFor() == 0;
	}

}
