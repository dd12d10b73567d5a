package io.vimap.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and kills what a child left running. A process whose parent has died has no tie
 * to its grandparent any more, so each child gets a marker in its environment, which all
 * processes it starts inherit. Where the environment of other processes cannot be read
 * (other than on Linux), only the descendants seen while the child lived are found.
 * <p>
 * Not found is a process that has cleared its environment and whose parent has ended.
 */
final class Survivors {

	/** The environment variable that holds the marker. Not secret. */
	static final String VARIABLE = "VIMAP_CHILD";

	/** Between the markers of a child whose parent is itself a child of a pool. */
	private static final String SEPARATOR = ":";

	private static final Path PROC = Path.of("/proc");

	/** A survivor may start processes while it is being killed: look again. */
	private static final int MAX_PASSES = 40;

	private static final long PAUSE_NANOS = 5_000_000;

	private static final Logger logger = LoggerFactory.getLogger(Survivors.class);

	private final String marker;

	private Survivors(String marker) {
		this.marker = marker;
	}

	/**
	 * Creates a marker and puts it into an environment.
	 * @param environment the environment of the child to be
	 * @return what finds the processes that bear it
	 */
	static Survivors mark(Map<String, String> environment) {
		String marker = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
		String outer = environment.get(VARIABLE);
		environment.put(VARIABLE, (outer != null && !outer.isEmpty()) ? outer + SEPARATOR + marker : marker);
		return new Survivors(marker);
	}

	/**
	 * Kills all processes that bear the marker, and those they start meanwhile.
	 * @param label names the child in log messages
	 * @param known descendants known from another source
	 */
	void kill(String label, List<ProcessHandle> known) {
		known.forEach(Survivors::killTree);
		for (int pass = 0; pass < MAX_PASSES; pass++) {
			List<ProcessHandle> found = find();
			if (found.isEmpty()) {
				return;
			}
			if (pass == 0) {
				logger.debug("{} left processes running, killing {}", label, pids(found));
			}
			found.forEach(ProcessHandle::destroyForcibly);
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		List<ProcessHandle> left = find();
		if (!left.isEmpty()) {
			logger.warn("{} left processes running that could not be killed: {}", label, pids(left));
		}
	}

	/**
	 * Kills a process and those that descend from it at this moment.
	 * @param process the process
	 */
	static void killTree(ProcessHandle process) {
		List<ProcessHandle> descendants = descendants(process);
		process.destroyForcibly();
		descendants.forEach(ProcessHandle::destroyForcibly);
	}

	/**
	 * Lists the processes that descend from one at this moment.
	 * @param process the process
	 * @return those that are found: none if this process may open no more files, which is
	 * no reason to let it live
	 */
	static List<ProcessHandle> descendants(ProcessHandle process) {
		try {
			return process.descendants().toList();
		}
		catch (RuntimeException ex) {
			logger.debug("Cannot list the processes that {} has started", process.pid(), ex);
			return List.of();
		}
	}

	private List<ProcessHandle> find() {
		List<ProcessHandle> found = new ArrayList<>();
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
			for (Path process : processes) {
				ProcessHandle handle = findIn(process);
				if (handle != null) {
					found.add(handle);
				}
			}
		}
		catch (IOException ex) {
			// No /proc: not Linux, or a sandbox without it.
			logger.trace("Cannot look for surviving processes", ex);
		}
		return found;
	}

	private @Nullable ProcessHandle findIn(Path process) {
		try {
			Path environment = process.resolve("environ");
			if (!isMarked(Files.readAllBytes(environment))) {
				return null;
			}
			// Once more, with a handle: it knows the start time, so that a process that
			// takes over the number meanwhile is not killed.
			Optional<ProcessHandle> handle = ProcessHandle.of(Long.parseLong(process.getFileName().toString()));
			return (handle.isPresent() && isMarked(Files.readAllBytes(environment))) ? handle.get() : null;
		}
		catch (IOException | NumberFormatException ex) {
			// It has ended meanwhile, or belongs to someone else.
			return null;
		}
	}

	private boolean isMarked(byte[] environment) {
		// Marker bytes are ASCII, so any charset that keeps ASCII will do.
		String text = new String(environment, StandardCharsets.ISO_8859_1);
		String prefix = VARIABLE + "=";
		int start = text.startsWith(prefix) ? 0 : text.indexOf("\0" + prefix) + 1;
		if (start == 0 && !text.startsWith(prefix)) {
			return false;
		}
		int end = text.indexOf('\0', start);
		String value = text.substring(start + prefix.length(), (end >= 0) ? end : text.length());
		return List.of(value.split(SEPARATOR)).contains(this.marker);
	}

	private static List<Long> pids(List<ProcessHandle> processes) {
		return processes.stream().map(ProcessHandle::pid).toList();
	}

}
