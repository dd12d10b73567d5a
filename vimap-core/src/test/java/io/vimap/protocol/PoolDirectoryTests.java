package io.vimap.protocol;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PoolDirectoryTests {

	private static final String PROPERTY = "java.io.tmpdir";

	private final String before = System.getProperty(PROPERTY);

	@TempDir
	Path temporary;

	@BeforeEach
	void useTemporary() {
		System.setProperty(PROPERTY, this.temporary.toString());
	}

	@AfterEach
	void restore() {
		System.setProperty(PROPERTY, this.before);
	}

	/** A directory as a killed parent leaves it. */
	private static PoolDirectory dead() throws IOException {
		PoolDirectory directory = PoolDirectory.create("dead");
		directory.listen().close();
		Files.writeString(Files.createDirectory(directory.path().resolve("1")).resolve("outbox"), "content");
		return directory;
	}

	@Test
	void isMadeAgainForItsUserOnly() throws IOException {
		PoolDirectory directory = PoolDirectory.create("lost");
		directory.delete();
		directory.restore();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
			.isEqualTo("rwx------");
		directory.restore();
		directory.delete();
		Files.createSymbolicLink(directory.path(), Files.createDirectory(this.temporary.resolve("elsewhere")));
		assertThatIOException().isThrownBy(directory::restore).withMessageContaining("another user");
	}

	@Test
	void onlyItsUserMayEnter() throws IOException {
		PoolDirectory directory = PoolDirectory.create("private");
		assertThat(directory.path()).hasParent(this.temporary);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
			.isEqualTo("rwx------");
	}

	@Test
	void aPathThatIsTooLongForASocketIsRefused() throws IOException {
		Path deep = Files.createDirectories(this.temporary.resolve("d".repeat(100)));
		System.setProperty(PROPERTY, deep.toString());
		assertThatThrownBy(() -> PoolDirectory.create("deep")).isInstanceOf(IllegalArgumentException.class)
			.hasMessageContaining("pool 'deep'")
			.hasMessageContaining("java.io.tmpdir");
		assertThat(deep).isEmptyDirectory();
	}

	@Test
	void onlyThatOfADeadPoolIsAnOrphan() throws IOException {
		PoolDirectory directory = PoolDirectory.create("pool");
		assertThat(directory.deleteIfOrphaned()).as("before it listens").isFalse();
		try (ServerSocketChannel server = directory.listen()) {
			assertThat(directory.deleteIfOrphaned()).as("while it listens").isFalse();
			// Those who look and don't wait for an answer fill the backlog.
			for (int i = 0; i < 1_000; i++) {
				assertThat(directory.deleteIfOrphaned()).isFalse();
			}
			assertThat(server.accept()).isNotNull();
		}
		assertThat(directory.deleteIfOrphaned()).as("afterwards").isTrue();
		assertThat(directory.path()).doesNotExist();
		assertThat(directory.deleteIfOrphaned()).as("once more").isTrue();
	}

	@Test
	void theSocketOfAPoolThatDiedBeforeItWasNamedIsTakenForThatOnlyWhenItIsOld() throws IOException {
		PoolDirectory directory = dead();
		Path unnamed = Files.move(directory.socket(), directory.path().resolve("n"));
		assertThat(directory.deleteIfOrphaned()).as("it may be about to listen").isFalse();
		Files.setLastModifiedTime(unnamed, FileTime.from(Instant.now().minusSeconds(70)));
		assertThat(directory.deleteIfOrphaned()).isTrue();
		assertThat(directory.path()).doesNotExist();
	}

	@Test
	void siblingsThatLiveOrCannotBeToldFromThatAreNotTouched() throws IOException {
		PoolDirectory mine = PoolDirectory.create("mine");
		PoolDirectory unused = PoolDirectory.create("unused");
		PoolDirectory living = PoolDirectory.create("living");
		PoolDirectory orphan = dead();
		// As seen by another machine, or after a restart.
		Path name = orphan.path().getFileName();
		Path elsewhere = this.temporary.resolve("vimap-00000000-1");
		Files.move(dead().path(), elsewhere);
		Path link = Files.createSymbolicLink(this.temporary.resolve(name + "1"), elsewhere);
		try (ServerSocketChannel server = living.listen()) {
			mine.deleteOrphanedSiblings();
			assertThat(server.isOpen()).isTrue();
		}
		try (Stream<Path> left = Files.list(this.temporary)) {
			assertThat(left).containsExactlyInAnyOrder(mine.path(), unused.path(), living.path(), elsewhere, link);
		}
		assertThat(elsewhere.resolve("1/outbox")).hasContent("content");
	}

	/** All children of a killed parent do so at once. */
	@Test
	void manyMayDeleteItAtOnce() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try {
			for (int round = 0; round < 20; round++) {
				PoolDirectory orphan = dead();
				for (int i = 0; i < 100; i++) {
					Files.createDirectories(orphan.path().resolve("child" + i).resolve("deeper"));
				}
				Callable<Boolean> delete = orphan::deleteIfOrphaned;
				for (Future<Boolean> deleted : executor.invokeAll(List.of(delete, delete, delete, delete))) {
					deleted.get();
				}
				assertThat(orphan.path()).doesNotExist();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

}
