package io.vimap.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The number of processes the kernel's out-of-memory killer has ended in the control
 * group of this process. Immutable; the count is read anew each time.
 */
final class OomKills {

	private static final String KEY = "oom_kill ";

	private final @Nullable Path file;

	private OomKills(@Nullable Path file) {
		this.file = file;
	}

	/**
	 * Finds the counter of this process's control group.
	 * @return a counter, which counts nothing where there is none
	 */
	static OomKills ofThisProcess() {
		return of(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
	}

	static OomKills of(Path membership, Path root) {
		try {
			for (Path candidate : candidates(Files.readAllLines(membership), root)) {
				if (read(candidate) >= 0) {
					return new OomKills(candidate);
				}
			}
		}
		catch (IOException ex) {
			// Not Linux: no counter.
		}
		return new OomKills(null);
	}

	/**
	 * Lists the places where the counter may be. Inside a container the path that
	 * {@code /proc/self/cgroup} names is often the host's, while the group itself is
	 * mounted as the root.
	 */
	private static List<Path> candidates(List<String> membership, Path root) {
		List<Path> candidates = new ArrayList<>();
		for (String line : membership) {
			String[] parts = line.split(":", 3);
			if (parts.length < 3) {
				continue;
			}
			String group = parts[2].startsWith("/") ? parts[2].substring(1) : parts[2];
			if (parts[1].isEmpty()) {
				candidates.add(root.resolve(group).resolve("memory.events"));
				candidates.add(root.resolve("unified").resolve(group).resolve("memory.events"));
				candidates.add(root.resolve("memory.events"));
			}
			else if (List.of(parts[1].split(",")).contains("memory")) {
				candidates.add(root.resolve("memory").resolve(group).resolve("memory.oom_control"));
				candidates.add(root.resolve("memory").resolve("memory.oom_control"));
			}
		}
		return candidates;
	}

	/**
	 * Reads the counter.
	 * @return the number of processes killed so far, −1 if it is not known
	 */
	long count() {
		return (this.file != null) ? read(this.file) : -1;
	}

	private static long read(Path file) {
		try {
			for (String line : Files.readAllLines(file)) {
				if (line.startsWith(KEY)) {
					return Long.parseLong(line.substring(KEY.length()).trim());
				}
			}
		}
		catch (IOException | NumberFormatException ex) {
			// Not there, or not readable by us: not known.
		}
		return -1;
	}

}
