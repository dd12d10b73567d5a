package io.vimap.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One started process. Safe for use by many threads.
 */
public interface ChildProcess {

	/**
	 * The quiet time after a process has ended, and after its successor has got ready:
	 * what can wait (the search for what the process left running, the removal of its
	 * files, the launch of a spare) leaves the processors to the successor and its first
	 * tasks, for which somebody may be waiting.
	 */
	long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/**
	 * Returns the process id.
	 * @return the process id as the operating system knows it
	 */
	long pid();

	/**
	 * Completes once the process has ended and its output has been read to the end (or
	 * half a second has passed, where a grandchild keeps the pipes open). What it left
	 * running is killed no later than {@link #QUIET_NANOS} after that, and
	 * {@link ProcessLauncher#close()} does not return before. Completes on a thread of
	 * this room.
	 * @return a future that never fails
	 */
	CompletableFuture<ExitStatus> onExit();

	/**
	 * Kills the process and all its descendants at once. Does not wait. Has no effect on
	 * a process that has ended.
	 */
	void kill();

	/**
	 * Returns the last lines of standard error.
	 * @return at most 50 lines, oldest first
	 */
	List<String> lastOutput();

	/**
	 * Returns the fatal error log that the JVM wrote when it crashed.
	 * @return an existing file, or {@code null}
	 */
	@Nullable Path errorFile();

	/**
	 * Measures the resident memory of the process.
	 * @return bytes, or −1 if the process has ended or the platform does not tell
	 */
	long residentBytes();

	/**
	 * Measures the processor time the process has used.
	 * @return the time, or {@code null} if the process has ended or the platform does not
	 * tell
	 */
	@Nullable Duration cpuTime();

}
