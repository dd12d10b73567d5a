package io.vimap.benchmarks.reference;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What Linux tells about processes in {@code /proc}.
 */
public final class Proc {

	private Proc() {
	}

	/**
	 * Returns the processor time of a process, in user and kernel mode.
	 * @param pid the process
	 * @return ticks of usually 10 ms
	 * @throws IOException if there is no such process
	 */
	public static long ticks(long pid) throws IOException {
		String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
		// The second field is the name in brackets and may contain anything.
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
		return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
	}

	/**
	 * Returns the processor time of several processes.
	 * @param pids the processes
	 * @return ticks
	 * @throws IOException if one does not exist
	 */
	public static long ticks(Collection<Long> pids) throws IOException {
		long sum = 0;
		for (long pid : pids) {
			sum += ticks(pid);
		}
		return sum;
	}

	/**
	 * Returns the processor time of those threads of several processes whose names begin
	 * alike, to the nanosecond: ticks are too long for what a thread does now and then.
	 * @param pids the processes
	 * @param prefix what the names begin with
	 * @return nanoseconds of each thread that lives
	 * @throws IOException if {@code /proc} is not there
	 */
	public static Map<Path, Long> threadNanos(Collection<Long> pids, String prefix) throws IOException {
		Map<Path, Long> nanos = new HashMap<>();
		for (long pid : pids) {
			try (DirectoryStream<Path> threads = Files
				.newDirectoryStream(Path.of("/proc", String.valueOf(pid), "task"))) {
				for (Path thread : threads) {
					if (Files.readString(thread.resolve("comm")).startsWith(prefix)) {
						nanos.put(thread,
								Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]));
					}
				}
			}
		}
		return nanos;
	}

	/**
	 * Returns how much processor time threads took between two looks. A thread that has
	 * ended meanwhile took its figure along, and counts for nothing.
	 * @param before the first look
	 * @param after the second one
	 * @return nanoseconds, not negative
	 */
	public static long nanosBetween(Map<Path, Long> before, Map<Path, Long> after) {
		return after.entrySet()
			.stream()
			.mapToLong((thread) -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
			.sum();
	}

	/**
	 * Returns the resident memory of a process.
	 * @param pid the process
	 * @return bytes
	 * @throws IOException if there is no such process
	 */
	public static long rss(long pid) throws IOException {
		return kib(Path.of("/proc", String.valueOf(pid), "status"), "VmRSS:") * 1024;
	}

	/**
	 * Returns how much memory could be used without swapping.
	 * @return bytes
	 * @throws IOException if {@code /proc} is not there
	 */
	public static long availableMemory() throws IOException {
		return kib(Path.of("/proc/meminfo"), "MemAvailable:") * 1024;
	}

	private static long kib(Path file, String key) throws IOException {
		for (String line : Files.readAllLines(file)) {
			if (line.startsWith(key)) {
				return Long.parseLong(line.substring(key.length()).replace("kB", "").trim());
			}
		}
		throw new IOException("no " + key + " in " + file);
	}

}
