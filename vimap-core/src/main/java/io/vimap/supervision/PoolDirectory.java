package io.vimap.supervision;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

import org.jspecify.annotations.Nullable;

/**
 * A pool's own directory, which only its user may enter: the socket, and one directory
 * per child.
 *
 * @param path where it is
 */
record PoolDirectory(Path path) {

	/** What a Unix socket address holds, without its final 0. */
	private static final int LONGEST_SOCKET_PATH = 107;

	static PoolDirectory create(String pool) {
		Path root = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
		try {
			Path path = root.getFileSystem().supportedFileAttributeViews().contains("posix")
					? Files.createTempDirectory(root, "vimap-",
							PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
					: Files.createTempDirectory(root, "vimap-");
			PoolDirectory directory = new PoolDirectory(path);
			int length = directory.socket().toString().getBytes(StandardCharsets.UTF_8).length;
			if (length > LONGEST_SOCKET_PATH) {
				Files.delete(path);
				throw new IllegalArgumentException("The directory " + root + " (system property java.io.tmpdir) is too"
						+ " long for a Unix socket of pool '" + pool + "': its path would have " + length
						+ " bytes, allowed are " + LONGEST_SOCKET_PATH
						+ ". Set java.io.tmpdir to a shorter directory.");
			}
			return directory;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Pool '" + pool + "' can't create its directory in " + root
					+ " (system property java.io.tmpdir): " + ex.getMessage(), ex);
		}
	}

	Path socket() {
		return this.path.resolve("s");
	}

	Path child(int incarnation) throws IOException {
		return Files.createDirectory(this.path.resolve(String.valueOf(incarnation)));
	}

	static void delete(Path directory) throws IOException {
		if (!Files.exists(directory)) {
			return;
		}
		Files.walkFileTree(directory, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Files.deleteIfExists(file);
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFileFailed(Path file, IOException ex) throws IOException {
				if (ex instanceof NoSuchFileException) {
					return FileVisitResult.CONTINUE;
				}
				throw ex;
			}

			@Override
			public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException ex) throws IOException {
				Files.deleteIfExists(visited);
				return FileVisitResult.CONTINUE;
			}

		});
	}

}
