package io.vimap.protocol;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A pool's own directory, which only its user may enter: the socket, one directory per
 * child, shared files. It goes with the pool. When a pool's JVM is killed, its children
 * remove the directory, and if they were killed as well, the next pool of this user does.
 * <p>
 * Whether a pool lives is told by its socket: as long as it does, somebody listens there.
 *
 * @param path where it is
 */
public record PoolDirectory(Path path) {

	/** What a Unix socket address holds, without its final 0. */
	private static final int LONGEST_SOCKET_PATH = 107;

	private static final int BACKLOG = 256;

	private static final String SOCKET = "s";

	/** As long as the socket's own. */
	private static final String NEW_SOCKET = "n";

	/** More than a process needs from binding a socket to naming it. */
	private static final Duration LONGEST_BINDING = Duration.ofMinutes(1);

	/**
	 * Creates a directory.
	 * @param pool the pool, for messages
	 * @return a new directory under {@code java.io.tmpdir}
	 * @throws IllegalArgumentException if its path is too long for a socket
	 * @throws UncheckedIOException if it can't be made
	 */
	public static PoolDirectory create(String pool) {
		Path root = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
		try {
			Path path = Files.createTempDirectory(root, prefix(), ownerOnly(root));
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

	private static FileAttribute<?>[] ownerOnly(Path where) {
		return where.getFileSystem().supportedFileAttributeViews().contains("posix")
				? new FileAttribute<?>[] {
						PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")) }
				: new FileAttribute<?>[0];
	}

	/**
	 * Names this run of the operating system: on another machine that sees the same
	 * files, and after a restart, a socket's silence says nothing.
	 */
	private static String prefix() {
		try {
			return "vimap-" + Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).substring(0, 8) + "-";
		}
		catch (IOException | IndexOutOfBoundsException ex) {
			// Not Linux.
			return "vimap-pool-";
		}
	}

	/**
	 * Returns where children connect.
	 * @return the path of the socket
	 */
	public Path socket() {
		return this.path.resolve(SOCKET);
	}

	private Path unnamed() {
		return this.path.resolve(NEW_SOCKET);
	}

	/**
	 * Says whether children can connect, as far as the directory goes.
	 * @return whether the socket is there
	 */
	public boolean hasSocket() {
		return Files.exists(socket());
	}

	/**
	 * Makes it again if somebody has removed it: systems tidy up their temporary files.
	 * @throws IOException if it can't be made, or another user has made one of this name
	 */
	public void restore() throws IOException {
		if (!Files.exists(this.path, LinkOption.NOFOLLOW_LINKS)) {
			Files.createDirectory(this.path, ownerOnly(this.path));
			return;
		}
		Path own = Files.createTempFile(this.path, "own", null);
		try {
			if (!isOwnedBy(Files.getOwner(own), this.path)) {
				throw new IOException(this.path + " was removed, and made again by another user");
			}
		}
		finally {
			Files.delete(own);
		}
	}

	/**
	 * Starts to listen.
	 * @return what accepts connections
	 * @throws IOException if there can be no socket
	 */
	public ServerSocketChannel listen() throws IOException {
		ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			// A socket that is bound and does not listen yet looks like that of a dead
			// pool: it gets its name afterwards.
			server.bind(UnixDomainSocketAddress.of(unnamed()), BACKLOG);
			Files.move(unnamed(), socket(), StandardCopyOption.ATOMIC_MOVE);
			return server;
		}
		catch (IOException ex) {
			server.close();
			throw ex;
		}
	}

	/**
	 * Removes it with all that is in it.
	 * @throws IOException if something can't be removed
	 */
	public void delete() throws IOException {
		delete(this.path);
	}

	/**
	 * Removes it if its pool is dead.
	 * @return whether it is gone
	 * @throws IOException if something can't be removed
	 */
	public boolean deleteIfOrphaned() throws IOException {
		if (!isOrphaned()) {
			return !Files.exists(this.path);
		}
		delete(this.path);
		return true;
	}

	private boolean isOrphaned() {
		return isDeaf(socket()) || isDeaf(unnamed()) && isOld(unnamed());
	}

	/** A socket that is bound and does not listen yet is deaf for a moment. */
	private static boolean isOld(Path socket) {
		try {
			return Files.getLastModifiedTime(socket, LinkOption.NOFOLLOW_LINKS)
				.toInstant()
				.isBefore(Instant.now().minus(LONGEST_BINDING));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** Whether a socket is there and nobody listens. */
	private static boolean isDeaf(Path socket) {
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			// Does not wait where many others do.
			channel.configureBlocking(false);
			channel.connect(UnixDomainSocketAddress.of(socket));
			return false;
		}
		catch (ConnectException ex) {
			return true;
		}
		catch (IOException ex) {
			// No socket yet, or no more; or it isn't ours to ask.
			return false;
		}
	}

	/**
	 * Removes the directories of this user's pools that are dead, next to this one. Those
	 * that live are not touched, nor those that can't be told from living ones.
	 * @throws IOException if one of them can't be removed, or the place can't be read
	 */
	public void deleteOrphanedSiblings() throws IOException {
		UserPrincipal user = Files.getOwner(this.path);
		Path parent = Objects.requireNonNull(this.path.getParent());
		try (DirectoryStream<Path> siblings = Files.newDirectoryStream(parent, prefix() + "*")) {
			for (Path sibling : siblings) {
				if (!sibling.equals(this.path) && isOwnedBy(user, sibling)) {
					new PoolDirectory(sibling).deleteIfOrphaned();
				}
			}
		}
	}

	private static boolean isOwnedBy(UserPrincipal user, Path directory) {
		try {
			return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
					&& user.equals(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS));
		}
		catch (IOException ex) {
			// It has been removed meanwhile.
			return false;
		}
	}

	/**
	 * Removes a directory with all that is in it. Others may be doing the same.
	 * @param directory the directory; nothing happens if it does not exist
	 * @throws IOException if something can't be removed
	 */
	public static void delete(Path directory) throws IOException {
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
