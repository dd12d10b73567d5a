package io.vimap.launch;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The names of the signals that end processes.
 * <p>
 * Java reports a process that a signal ended with the exit code 128 + number. A process
 * that itself exits with such a code looks the same and is taken for signalled; shells
 * and the JVM's own handlers (143 after SIGTERM) mean the same by it.
 */
final class Signals {

	static final String KILL = "SIGKILL";

	private static final int OFFSET = 128;

	/** Numbers on which Linux and macOS agree. */
	private static final Map<Integer, String> COMMON = Map.ofEntries(Map.entry(1, "SIGHUP"), Map.entry(2, "SIGINT"),
			Map.entry(3, "SIGQUIT"), Map.entry(4, "SIGILL"), Map.entry(5, "SIGTRAP"), Map.entry(6, "SIGABRT"),
			Map.entry(8, "SIGFPE"), Map.entry(9, KILL), Map.entry(11, "SIGSEGV"), Map.entry(13, "SIGPIPE"),
			Map.entry(14, "SIGALRM"), Map.entry(15, "SIGTERM"), Map.entry(24, "SIGXCPU"), Map.entry(25, "SIGXFSZ"),
			Map.entry(26, "SIGVTALRM"), Map.entry(27, "SIGPROF"));

	private static final Map<Integer, String> LINUX = Map.of(7, "SIGBUS", 10, "SIGUSR1", 12, "SIGUSR2", 16, "SIGSTKFLT",
			29, "SIGIO", 30, "SIGPWR", 31, "SIGSYS");

	private static final Map<Integer, String> MAC = Map.of(7, "SIGEMT", 10, "SIGBUS", 12, "SIGSYS", 30, "SIGUSR1", 31,
			"SIGUSR2");

	/** What ends a program that has gone astray, or a JVM that notices that. */
	private static final Set<String> CRASHES = Set.of("SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSEGV", "SIGTRAP");

	private Signals() {
	}

	/**
	 * Tells whether a signal means that a program has crashed of itself.
	 * @param signal the name of a signal, or {@code null}
	 * @return whether nobody had to send it
	 */
	static boolean isCrash(@Nullable String signal) {
		return signal != null && CRASHES.contains(signal);
	}

	/**
	 * Names the signal that an exit code stands for on this platform.
	 * @param exitCode the exit code as Java reports it
	 * @return a name such as {@code SIGKILL}, or {@code null} if no known signal has that
	 * code
	 */
	static @Nullable String ofExitCode(int exitCode) {
		return ofExitCode(exitCode, System.getProperty("os.name", ""));
	}

	static @Nullable String ofExitCode(int exitCode, String osName) {
		String os = osName.toLowerCase(Locale.ROOT);
		if (os.startsWith("windows")) {
			return null;
		}
		int number = exitCode - OFFSET;
		String name = COMMON.get(number);
		return (name != null) ? name : (os.startsWith("mac") ? MAC : LINUX).get(number);
	}

}
