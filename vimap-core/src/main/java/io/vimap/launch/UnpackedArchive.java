package io.vimap.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Locale;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks an executable archive, once, into a directory of the cache where later launches
 * and later runs find it: nested jars are copied as they are, each directory of classes
 * becomes a jar. Spring Boot's own tools do the same ({@code -Djarmode=tools … extract});
 * these are not used because they refuse a war with provided libraries, may be left out
 * of an archive, and need a JVM and several times as long.
 * <p>
 * The directory is named after a digest of the archive's table of contents (the name,
 * size and CRC of every entry, so each change of content leads to another directory, and
 * a rebuild or a copy of the same content to the same). It appears by a rename once it is
 * complete. A lock file keeps several applications from unpacking at once; another, held
 * as long as this process lives, tells them that the directory is in use. At most
 * {@value #KEPT} directories that are not in use are kept.
 */
final class UnpackedArchive {

	static final int KEPT = 5;

	private static final String LIST = "files.list";

	private static final Logger logger = LoggerFactory.getLogger(UnpackedArchive.class);

	/**
	 * The files this process uses, with their sizes. Guarded by itself.
	 */
	private static final Map<Path, Long> inUse = new HashMap<>();

	/**
	 * The locks that tell other processes so, held until this process ends. Guarded by
	 * {@link #inUse}.
	 */
	private static final Map<Path, FileLock> locks = new HashMap<>();

	private UnpackedArchive() {
	}

	/**
	 * Unpacks parts of an archive unless that has been done before.
	 * @param archive the archive
	 * @param names the names of the nested jars and directories
	 * @return the file for each name
	 * @throws IOException if the archive can't be read or the cache can't be written
	 */
	static Map<String, Path> unpack(Path archive, List<String> names) throws IOException {
		synchronized (inUse) {
			Path cache = Files.createDirectories(PrivateDirectory.cache().resolve("applications"));
			try (ZipFile zip = new ZipFile(archive.toFile())) {
				Path directory = cache.resolve(digest(zip, names));
				use(directory);
				if (!isComplete(directory)) {
					unpackExclusively(zip, names, directory);
				}
				readList(directory).forEach((file, size) -> inUse.put(directory.resolve(file), size));
				Map<String, Path> files = new LinkedHashMap<>();
				fileNames(names).forEach((name, file) -> files.put(name, directory.resolve(file)));
				return files;
			}
		}
	}

	/**
	 * Tells whether those of some files that were unpacked here are still as they were.
	 * @param files any files
	 * @return whether none of them is missing
	 */
	static boolean isIntact(List<String> files) {
		synchronized (inUse) {
			return inUse.isEmpty() || files.stream().map(Path::of).allMatch((file) -> {
				Long size = inUse.get(file);
				return size == null || size == file.toFile().length();
			});
		}
	}

	private static String digest(ZipFile zip, List<String> names) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			zip.stream()
				.map((entry) -> entry.getName() + '\0' + entry.getSize() + '\0' + entry.getCrc() + '\n')
				.forEach((line) -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
			digest.update(String.join("\n", names).getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest.digest(), 0, 16);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java has SHA-256", ex);
		}
	}

	/**
	 * Gives each part a file name, its own where that is free.
	 */
	private static Map<String, String> fileNames(List<String> names) {
		Map<String, String> files = new LinkedHashMap<>();
		for (String name : names) {
			String file = name.endsWith("/") ? "classes.jar" : name.substring(name.lastIndexOf('/') + 1);
			String unique = file;
			for (int i = 2; files.containsValue(unique); i++) {
				unique = i + "-" + file;
			}
			files.putIfAbsent(name, unique);
		}
		return files;
	}

	private static void use(Path directory) throws IOException {
		Path marker = marker(directory);
		while (!locks.containsKey(marker)) {
			// Not closed: the lock is to be held as long as this process lives.
			FileChannel channel = FileChannel.open(marker, StandardOpenOption.CREATE, StandardOpenOption.READ,
					StandardOpenOption.WRITE);
			FileLock lock = channel.lock(0, Long.MAX_VALUE, true);
			if (Files.exists(marker)) {
				locks.put(marker, lock);
				Files.setLastModifiedTime(marker, FileTime.from(Instant.now()));
			}
			else {
				// Another process has pruned it before the lock was ours: once more.
				channel.close();
			}
		}
	}

	private static Path marker(Path directory) {
		return directory.resolveSibling(directory.getFileName() + ".used");
	}

	private static boolean isComplete(Path directory) {
		try {
			Map<String, Long> list = readList(directory);
			return !list.isEmpty() && list.entrySet()
				.stream()
				.allMatch((entry) -> directory.resolve(entry.getKey()).toFile().length() == entry.getValue());
		}
		catch (IOException | RuntimeException ex) {
			// Nothing there, or not what was left there.
			return false;
		}
	}

	private static Map<String, Long> readList(Path directory) throws IOException {
		Map<String, Long> files = new LinkedHashMap<>();
		for (String line : Files.readAllLines(directory.resolve(LIST))) {
			int space = line.indexOf(' ');
			files.put(line.substring(space + 1), Long.valueOf(line.substring(0, space)));
		}
		return files;
	}

	private static void unpackExclusively(ZipFile zip, List<String> names, Path directory) throws IOException {
		Path lockFile = directory.resolveSibling("unpack.lock");
		try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			// Released with the channel.
			channel.lock();
			// Another process may have done it while this one waited for the lock.
			if (isComplete(directory)) {
				return;
			}
			long start = System.nanoTime();
			Path temporary = Files.createTempDirectory(directory.getParent(), "unpacking-");
			try {
				write(zip, names, temporary);
				delete(directory);
				Files.move(temporary, directory, StandardCopyOption.ATOMIC_MOVE);
			}
			finally {
				delete(temporary);
			}
			logger.info("Unpacked {} to {} for child processes in {} ms", zip.getName(), directory,
					(System.nanoTime() - start) / 1_000_000);
			prune(Objects.requireNonNull(directory.getParent()));
		}
	}

	private static void write(ZipFile zip, List<String> names, Path directory) throws IOException {
		List<String> list = new ArrayList<>();
		boolean first = true;
		for (Map.Entry<String, String> part : fileNames(names).entrySet()) {
			String name = part.getKey();
			Path file = directory.resolve(part.getValue());
			if (name.endsWith("/")) {
				writeClasses(zip, name, file, first);
				first = false;
			}
			else {
				ZipEntry entry = zip.getEntry(name);
				if (entry == null) {
					throw new IOException("No " + name + " in " + zip.getName());
				}
				try (InputStream content = zip.getInputStream(entry)) {
					Files.copy(content, file);
				}
			}
			list.add(Files.size(file) + " " + part.getValue());
		}
		Files.write(directory.resolve(LIST), list);
	}

	/**
	 * Makes a jar of a directory in the archive. The first also gets what the archive has
	 * in its own META-INF, which the application can see, too.
	 */
	private static void writeClasses(ZipFile zip, String prefix, Path file, boolean withMetaInf) throws IOException {
		try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out)) {
			jar.setLevel(Deflater.BEST_SPEED);
			jar.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
			manifest(zip).write(jar);
			for (ZipEntry entry : zip.stream().toList()) {
				String name = entry.getName();
				boolean inDirectory = name.startsWith(prefix) && name.length() > prefix.length();
				if (inDirectory || (withMetaInf && isMetaInf(zip, prefix, name))) {
					ZipEntry copy = new ZipEntry(inDirectory ? name.substring(prefix.length()) : name);
					if (!copy.getName().equals(JarFile.MANIFEST_NAME)) {
						copy.setTime(entry.getTime());
						jar.putNextEntry(copy);
						zip.getInputStream(entry).transferTo(jar);
					}
				}
			}
		}
	}

	private static boolean isMetaInf(ZipFile zip, String prefix, String name) {
		String upper = name.toUpperCase(Locale.ROOT);
		// A signature covers the archive, not this jar; an index likewise. What the
		// directory has under the same name comes first on the class path.
		return name.startsWith("META-INF/") && !upper.endsWith(".SF") && !upper.endsWith(".RSA")
				&& !upper.endsWith(".DSA") && !upper.endsWith(".EC") && !upper.endsWith("/INDEX.LIST")
				&& zip.getEntry(prefix + name) == null;
	}

	private static Manifest manifest(ZipFile zip) throws IOException {
		Manifest manifest = new Manifest();
		ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
		if (entry != null) {
			try (InputStream content = zip.getInputStream(entry)) {
				Attributes original = new Manifest(content).getMainAttributes();
				original.keySet().removeIf((key) -> {
					String name = key.toString();
					return name.startsWith("Spring-Boot-") || name.equals("Start-Class") || name.equals("Main-Class")
							|| name.equals("Class-Path");
				});
				manifest.getMainAttributes().putAll(original);
			}
		}
		manifest.getMainAttributes().putIfAbsent(Attributes.Name.MANIFEST_VERSION, "1.0");
		return manifest;
	}

	/**
	 * Deletes the directories that were used longest ago, sparing those in use.
	 */
	private static void prune(Path cache) throws IOException {
		List<Path> markers;
		try (var files = Files.list(cache)) {
			markers = new ArrayList<>(files.filter((file) -> file.toString().endsWith(".used"))
				.filter((file) -> !locks.containsKey(file))
				.toList());
		}
		markers.sort((a, b) -> Long.compare(b.toFile().lastModified(), a.toFile().lastModified()));
		for (Path marker : markers.subList(Math.min(KEPT, markers.size()), markers.size())) {
			try (FileChannel channel = FileChannel.open(marker, StandardOpenOption.WRITE);
					FileLock lock = channel.tryLock()) {
				if (lock != null) {
					String name = marker.getFileName().toString();
					delete(cache.resolve(name.substring(0, name.length() - ".used".length())));
					Files.deleteIfExists(marker);
				}
			}
		}
	}

	private static void delete(Path directory) throws IOException {
		if (Files.isDirectory(directory)) {
			try (var files = Files.list(directory)) {
				for (Path file : files.toList()) {
					Files.delete(file);
				}
			}
			Files.delete(directory);
		}
	}

}
