package io.vimap.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the command line of all children of a pool has in common.
 *
 * @param directory the pool's directory, which exists: argument files go there
 * @param javaHome the Java installation; {@code null} for the one that runs this process
 * @param classPath the class path; empty for that of this process, however it was started
 * @param jvmArgs arguments that come after (and so override) the defaults
 * @param environment variables to add to the environment
 * @param workingDirectory the working directory; {@code null} for that of this process
 * @param commandPrefix a command that wraps the child's own
 * @param inheritOutput whether the child writes to this process's standard output instead
 * of a listener (standard error is then copied there, and its last lines kept)
 * @param classArchive whether to train and use an archive of loaded classes
 * @param program names what the children run: those of another name load other classes,
 * and so have an archive of their own
 */
public record JvmSettings(Path directory, @Nullable Path javaHome, List<String> classPath, List<String> jvmArgs,
		Map<String, String> environment, @Nullable Path workingDirectory, List<String> commandPrefix,
		boolean inheritOutput, boolean classArchive, String program) {
}
