package io.vimap.pool;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Large read-only content that all workers see and none of them copies: a model, an
 * index, a dictionary. This is a handle of a few bytes, which can be a part of init args
 * and of inputs and can be captured by a lambda. In the child {@link #map} returns the
 * content; all processes share one copy of it in memory, which is outside their heaps.
 * <p>
 * {@link ProcessPool#share} makes content that is removed with the pool. What is part of
 * init args must exist before the pool does:
 *
 * <pre>{@code
 * try (SharedFile model = SharedFile.create(bytes);
 * 		ProcessPool<Query, Answer> pool = Vimap.forkIdentical(worker.initArgs(new Args(model)), 4)) {
 * 	...
 * }
 * }</pre>
 *
 * @param path the absolute path of the file that holds the content
 * @param size the number of bytes, at most 2 GiB − 1
 */
public record SharedFile(String path, long size) implements Serializable, AutoCloseable {

	private static final int BUFFER = 64 * 1024;

	/** The paths of files this process has made and not removed. Any thread. */
	private static final Set<String> CREATED = ConcurrentHashMap.newKeySet();

	/** Guarded by itself: what this process has mapped and still uses. */
	private static final Map<SharedFile, Mapping> MAPPED = new HashMap<>();

	/**
	 * A file in memory.
	 *
	 * @param memory the content, for as long as somebody uses it
	 * @param file tells the file from others that have had or will have its path;
	 * {@code null} where the platform can't
	 */
	private record Mapping(Reference<ByteBuffer> memory, @Nullable Object file) {
	}

	/**
	 * Creates a handle; the file is not touched.
	 * @param path the absolute path of the file
	 * @param size the number of bytes
	 * @throws IllegalArgumentException if the size is negative or 2 GiB or more
	 */
	public SharedFile {
		if (size < 0 || size > Integer.MAX_VALUE) {
			throw tooLarge(path, String.valueOf(size));
		}
	}

	private static IllegalArgumentException tooLarge(String path, String size) {
		return new IllegalArgumentException("The content of " + path + " has " + size + " bytes. Allowed: at most "
				+ Integer.MAX_VALUE + " (one mapping); divide it into several files.");
	}

	/**
	 * Shares an existing file as it is. It must not change while a worker uses it, and it
	 * is never removed. To share new content under the same path, put another file in its
	 * place (as {@link Files#move} does) and call this again.
	 * @param file the file
	 * @return its handle
	 * @throws UncheckedIOException if there is no such file
	 * @throws IllegalArgumentException if it is too large, or a directory
	 */
	public static SharedFile of(Path file) {
		try {
			Path absolute = file.toRealPath();
			if (Files.isDirectory(absolute)) {
				throw new IllegalArgumentException(
						"The file " + file + " can't be shared: it is a directory. Share each of its files.");
			}
			return new SharedFile(absolute.toString(), Files.size(absolute));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The file " + file + " can't be shared: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Writes content to a file of its own under {@code java.io.tmpdir}, which only this
	 * user may read.
	 * @param content the content
	 * @return its handle; close it after the pool that uses it
	 * @throws UncheckedIOException if it can't be written
	 */
	public static SharedFile create(byte[] content) {
		return create(new ByteArrayInputStream(content));
	}

	/**
	 * Writes content to a file of its own under {@code java.io.tmpdir}, which only this
	 * user may read.
	 * @param content the content, read to its end
	 * @return its handle; close it after the pool that uses it
	 * @throws UncheckedIOException if it can't be read or written
	 * @throws IllegalArgumentException if it is too large
	 */
	public static SharedFile create(InputStream content) {
		return create(content, Path.of(System.getProperty("java.io.tmpdir")));
	}

	/**
	 * Writes content to a file of its own, which only this user may read.
	 * @param content the content, read to its end
	 * @param directory where the file is made
	 * @return its handle; close it after the pool that uses it
	 * @throws UncheckedIOException if it can't be read or written
	 * @throws IllegalArgumentException if it is too large
	 */
	public static SharedFile create(InputStream content, Path directory) {
		try {
			// Readable and writable by this user only: that is what temporary files are.
			Path file = Files.createTempFile(directory.toAbsolutePath(), "vimap-shared-", "");
			try {
				SharedFile shared = new SharedFile(file.toString(), write(content, file));
				CREATED.add(shared.path);
				file.toFile().deleteOnExit();
				return shared;
			}
			catch (IOException | RuntimeException | Error ex) {
				Files.deleteIfExists(file);
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The shared content can't be written to " + directory + ": " + ex, ex);
		}
	}

	private static long write(InputStream content, Path file) throws IOException {
		long written = 0;
		byte[] buffer = new byte[BUFFER];
		try (OutputStream out = Files.newOutputStream(file)) {
			int count;
			while ((count = content.read(buffer)) >= 0) {
				written += count;
				if (written > Integer.MAX_VALUE) {
					throw tooLarge("the stream", "at least " + written);
				}
				out.write(buffer, 0, count);
			}
		}
		return written;
	}

	/**
	 * Returns the content. The file is mapped once per process, and only what is read
	 * takes memory. The bytes stay readable after the file has been removed, or another
	 * has taken its place.
	 * @return a read-only buffer of the caller's own, from the first byte to the last
	 * @throws UncheckedIOException if the file does not exist any more or can't be mapped
	 * @throws IllegalStateException if the file has another size than it had
	 */
	public ByteBuffer map() {
		synchronized (MAPPED) {
			Mapping known = MAPPED.get(this);
			ByteBuffer mapped = (known != null) ? known.memory().get() : null;
			if (known == null || mapped == null || !isStill(known.file())) {
				Object file = key(Path.of(this.path));
				mapped = mapFile();
				MAPPED.values().removeIf((each) -> each.memory().get() == null);
				MAPPED.put(this, new Mapping(new WeakReference<>(mapped), file));
			}
			// A view keeps what it is a view of alive.
			return mapped.asReadOnlyBuffer();
		}
	}

	/**
	 * Whether a file that has been mapped has its path still: no other has taken its
	 * place, even though it may have been removed.
	 */
	private boolean isStill(@Nullable Object mapped) {
		Object file = key(Path.of(this.path));
		return file == null || file.equals(mapped);
	}

	private static @Nullable Object key(Path file) {
		try {
			return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	private ByteBuffer mapFile() {
		try (FileChannel channel = FileChannel.open(Path.of(this.path), StandardOpenOption.READ)) {
			if (channel.size() != this.size) {
				throw new IllegalStateException("The shared file " + this.path + " has " + channel.size()
						+ " bytes; it had " + this.size + " when it was shared. It must not change meanwhile.");
			}
			return channel.map(FileChannel.MapMode.READ_ONLY, 0, this.size);
		}
		catch (NoSuchFileException ex) {
			throw new UncheckedIOException("The shared file " + this.path
					+ " does not exist any more: it was removed with its pool or closed.", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The shared file " + this.path + " can't be mapped: " + ex, ex);
		}
	}

	/**
	 * Removes the file if this process has made it; has no effect in a child, nor on
	 * files that existed before. What has been mapped stays readable.
	 * @throws UncheckedIOException if it can't be removed
	 */
	@Override
	public void close() {
		if (CREATED.remove(this.path)) {
			try {
				Files.deleteIfExists(Path.of(this.path));
			}
			catch (IOException ex) {
				throw new UncheckedIOException("The shared file " + this.path + " can't be removed: " + ex, ex);
			}
		}
	}

}
