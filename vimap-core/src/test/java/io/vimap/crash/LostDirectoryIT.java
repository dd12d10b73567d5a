package io.vimap.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import io.vimap.pool.ProcessPool;
import io.vimap.protocol.PoolDirectory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static io.vimap.crash.SleeperPools.PATIENCE;
import static io.vimap.crash.SleeperPools.fork;
import static io.vimap.crash.SleeperPools.get;
import static io.vimap.crash.SleeperPools.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Systems tidy up their temporary files, those of a pool that has not been used for long
 * among them.
 */
@ExtendWith(LeakCheck.class)
class LostDirectoryIT {

	private static Path directory() throws IOException {
		try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			return files.filter((file) -> file.getFileName().toString().startsWith("vimap-")).findFirst().orElseThrow();
		}
	}

	private static void replaceWorker(ProcessPool<String, String> pool) throws Exception {
		String before = get(pool.submit("pid"));
		pool.kill(0);
		Awaitility.await().atMost(PATIENCE).until(() -> !pool.stats().exits().isEmpty());
		assertThat(pool.awaitReady(PATIENCE)).isTrue();
		assertThat(get(pool.submit("pid"))).isNotEqualTo(before);
		assertThat(pool.stats().exits()).as("only the one that was killed").hasSize(1);
	}

	@Test
	void aWorkerIsReplacedAfterThePoolsDirectoryHasBeenRemoved() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options())) {
			Path directory = directory();
			PoolDirectory.delete(directory);
			replaceWorker(pool);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
		}
	}

	@Test
	void aWorkerIsReplacedAfterThePoolsFilesHaveBeenRemoved() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options())) {
			Path directory = directory();
			List<Path> files;
			try (Stream<Path> all = Files.walk(directory)) {
				files = all.filter((file) -> !Files.isDirectory(file)).toList();
			}
			for (Path file : files) {
				Files.delete(file);
			}
			replaceWorker(pool);
		}
	}

}
