package io.vimap.launch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fatal error log that a JVM writes when it crashes. It is written into the child's
 * directory, which does not outlive the child for long, and is therefore moved to
 * {@code vimap-crashes-<user>} in the directory for temporary files, where the newest
 * {@value #KEPT} are kept.
 *
 * @param file where the log is now
 * @param head its first useful lines
 */
record CrashLog(Path file, List<String> head) {

	static final String FILE_NAME = "hs_err_%p.log";

	static final String OPTION = "-XX:ErrorFile=";

	static final int KEPT = 50;

	private static final int HEAD_LINES = 25;

	/** The log also lists all libraries and the environment; what matters comes first. */
	private static final int LINES_READ = 200;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

	private static final Logger logger = LoggerFactory.getLogger(CrashLog.class);

	/**
	 * Looks for the log of a child in its directory, and saves it. A log that the pool's
	 * options put elsewhere stays there.
	 * @param directory the child's directory
	 * @param label names the child in the name of the saved file
	 * @param chosen where the pool's options put it, or {@code null}
	 * @return the log, or {@code null} if there is none
	 */
	static @Nullable CrashLog collect(Path directory, String label, @Nullable Path chosen) {
		if (chosen != null) {
			return Files.isRegularFile(chosen) ? new CrashLog(chosen, head(chosen)) : null;
		}
		Path found = find(directory);
		if (found == null) {
			return null;
		}
		List<String> head = head(found);
		return new CrashLog(save(found, label), head);
	}

	/**
	 * Finds out where a pool's options put the log.
	 * @param settings the pool's settings
	 * @param pid the process id of the JVM
	 * @return the file, or {@code null} if they say nothing of it
	 */
	static @Nullable Path chosen(JvmSettings settings, long pid) {
		String chosen = null;
		for (String option : settings.jvmArgs()) {
			if (option.startsWith(OPTION)) {
				chosen = option.substring(OPTION.length()).replace("%p", Long.toString(pid));
			}
		}
		Path base = (settings.workingDirectory() != null) ? settings.workingDirectory() : Path.of("");
		return (chosen != null) ? base.resolve(chosen).toAbsolutePath() : null;
	}

	private static @Nullable Path find(Path directory) {
		if (!Files.isDirectory(directory)) {
			return null;
		}
		try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "hs_err_*.log")) {
			for (Path log : logs) {
				return log;
			}
		}
		catch (IOException ex) {
			logger.debug("Cannot look for a fatal error log in {}", directory, ex);
		}
		return null;
	}

	/**
	 * Picks the lines that tell a reader what happened: the header with the problematic
	 * frame, the thread, its stack and the signal.
	 */
	private static List<String> head(Path log) {
		List<String> head = new ArrayList<>();
		boolean inStack = false;
		for (String line : firstLines(log)) {
			inStack = line.startsWith("Native frames:") || line.startsWith("Java frames:")
					|| (inStack && !line.isBlank());
			if (inStack || isUseful(line)) {
				head.add(line.startsWith("# ") ? line.substring(1).strip() : line);
			}
			if (head.size() == HEAD_LINES) {
				break;
			}
		}
		return List.copyOf(head);
	}

	private static boolean isUseful(String line) {
		if (line.startsWith("#")) {
			return line.length() > 1 && !line.contains("core dump") && !line.contains("CreateCoredump")
					&& !line.contains("bug report") && !line.contains("http");
		}
		return line.startsWith("Current thread") || line.startsWith("Current CompileTask") || line.startsWith("C2:")
				|| line.startsWith("siginfo:");
	}

	private static List<String> firstLines(Path log) {
		// The log may hold any bytes: a charset that cannot fail.
		try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
			return lines.limit(LINES_READ).toList();
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("Cannot read {}", log, ex);
			return List.of();
		}
	}

	private static Path save(Path log, String label) {
		String name = "hs_err_" + label.replaceAll("[^A-Za-z0-9._-]", "_") + "_"
				+ TIME.format(LocalDateTime.now(ZoneOffset.UTC))
				+ log.getFileName().toString().substring("hs_err".length());
		try {
			Path directory = PrivateDirectory.inTemporary("vimap-crashes");
			prune(directory);
			return Files.move(log, directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
		}
		catch (IOException ex) {
			logger.warn("Cannot move the fatal error log {} to a lasting place", log, ex);
			return log;
		}
	}

	private static void prune(Path directory) throws IOException {
		try (var files = Files.list(directory)) {
			List<Path> newestFirst = files
				.sorted(Comparator.comparingLong((Path file) -> file.toFile().lastModified()).reversed())
				.toList();
			for (Path old : newestFirst.subList(Math.min(KEPT - 1, newestFirst.size()), newestFirst.size())) {
				Files.deleteIfExists(old);
			}
		}
	}

}
