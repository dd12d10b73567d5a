package io.vimap.benchmarks.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A cache for the class archives of this row's pools alone, so that the first that
 * appears is theirs. For rows whose JVM starts no pools before.
 */
final class OwnArchives implements AutoCloseable {

	/** As long as an archive may take to be made. */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Path cache = Files.createTempDirectory("archives");

	OwnArchives() throws IOException {
		System.setProperty("vimap.cache-directory", this.cache.toString());
	}

	/** Waits while a pool's worker leads to an archive. */
	void awaitOne() throws IOException, InterruptedException {
		long begin = System.nanoTime();
		while (!hasArchive(this.cache.resolve("archives"))) {
			if (System.nanoTime() - begin > PATIENCE.toNanos()) {
				throw new IllegalStateException("no class archive in " + this.cache + " after " + PATIENCE);
			}
			Thread.sleep(50);
		}
	}

	private static boolean hasArchive(Path directory) throws IOException {
		if (!Files.isDirectory(directory)) {
			return false;
		}
		// Not walked: files come and go there.
		try (Stream<Path> files = Files.list(directory)) {
			return files.anyMatch(OwnArchives::isArchive);
		}
	}

	/** It gets such a name once it is complete. */
	private static boolean isArchive(Path file) {
		String name = file.toString();
		return name.endsWith(".jsa") || name.endsWith(".aot");
	}

	@Override
	public void close() throws IOException {
		List<Path> directoriesFirst;
		try (Stream<Path> files = Files.walk(this.cache)) {
			directoriesFirst = files.toList();
		}
		for (int i = directoriesFirst.size() - 1; i >= 0; i--) {
			Files.delete(directoriesFirst.get(i));
		}
	}

}
