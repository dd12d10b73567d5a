package io.vimap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code /proc} says of processes and threads.
 */
public final class LinuxProcess {

	private static final Path PROC = Path.of("/proc");

	/** The state of what is not there. */
	private static final char GONE = 0;

	private LinuxProcess() {
	}

	/**
	 * Whether a process runs: a zombie that its new parent has not collected yet does
	 * not.
	 * @param pid its id
	 * @return whether it runs
	 */
	public static boolean isAlive(long pid) {
		if (!Files.exists(PROC)) {
			return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
		}
		char state = state(PROC.resolve(Long.toString(pid)));
		return state != GONE && state != 'Z';
	}

	/**
	 * Whether a signal has stopped each thread of a process, or ended it.
	 * @param pid its id
	 * @return whether none of its threads runs
	 * @throws IOException if it has ended
	 */
	public static boolean isStopped(long pid) throws IOException {
		try (var threads = Files.list(PROC.resolve(pid + "/task"))) {
			return threads.map(LinuxProcess::state).allMatch((state) -> state == 'T' || state == GONE);
		}
	}

	/** The letter behind the name, which is in parentheses and may hold any others. */
	private static char state(Path directory) {
		try {
			String stat = Files.readString(directory.resolve("stat"));
			return stat.charAt(stat.lastIndexOf(')') + 2);
		}
		catch (IOException ex) {
			return GONE;
		}
	}

}
