package io.vimap.launch;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Directories that only this user can read or write. What lies in them is run by later
 * JVMs, so a directory that someone else may have prepared is refused.
 */
final class PrivateDirectory {

	/** Overrides where caches are kept. */
	static final String CACHE_PROPERTY = "vimap.cache-directory";

	private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

	private PrivateDirectory() {
	}

	/**
	 * Opens this user's directory for files that are worth keeping: the one that the
	 * system property {@value #CACHE_PROPERTY} names, or the platform's for caches, or if
	 * that is not writable one among the temporary files.
	 * @return an existing directory
	 * @throws IOException if none can be created, or it isn't private
	 */
	static Path cache() throws IOException {
		String configured = System.getProperty(CACHE_PROPERTY);
		if (configured != null && !configured.isEmpty()) {
			return open(Path.of(configured).toAbsolutePath());
		}
		String xdg = System.getenv("XDG_CACHE_HOME");
		Path base = (xdg != null && Path.of(xdg).isAbsolute()) ? Path.of(xdg)
				: Path.of(System.getProperty("user.home", ""), ".cache");
		if (base.isAbsolute()) {
			try {
				return open(base.resolve("vimap"));
			}
			catch (IOException ex) {
				// A user without a home, or a read-only one: usual in containers.
				return inTemporary("vimap-cache");
			}
		}
		return inTemporary("vimap-cache");
	}

	/**
	 * Opens a directory of this user among the temporary files.
	 * @param name the first part of its name, which the user's name follows
	 * @return an existing directory
	 * @throws IOException if it can't be created, or isn't private
	 */
	static Path inTemporary(String name) throws IOException {
		String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9._-]", "_");
		return open(Path.of(System.getProperty("java.io.tmpdir"), name + "-" + user).toAbsolutePath());
	}

	private static Path open(Path directory) throws IOException {
		Files.createDirectories(directory.getParent());
		if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			return Files.createDirectories(directory);
		}
		FileAttribute<?> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
		try {
			return Files.createDirectory(directory, ownerOnly);
		}
		catch (FileAlreadyExistsException ex) {
			verify(directory);
			return directory;
		}
	}

	private static void verify(Path directory) throws IOException {
		if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
			throw new IOException(directory + " is not a directory");
		}
		Path probe = Files.createTempFile(directory, "owner", null);
		try {
			if (!Files.getOwner(probe).equals(Files.getOwner(directory))) {
				throw new IOException(directory + " belongs to another user");
			}
		}
		finally {
			Files.delete(probe);
		}
		Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(directory));
		if (!OWNER_ONLY.containsAll(permissions)) {
			Files.setPosixFilePermissions(directory, OWNER_ONLY);
			if (permissions.contains(PosixFilePermission.OTHERS_WRITE)
					|| permissions.contains(PosixFilePermission.GROUP_WRITE)) {
				throw new IOException(directory + " was writable by other users; remove it");
			}
		}
	}

}
