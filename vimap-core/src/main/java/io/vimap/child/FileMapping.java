package io.vimap.child;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Maps files that a child shares with its parent for as long as it lives.
 */
final class FileMapping {

	private static final int FIRST_WITH_ARENAS = 22;

	private FileMapping() {
	}

	/**
	 * Maps a file into memory.
	 * @param path the file
	 * @param size how much of it, in bytes
	 * @return the memory
	 * @throws IOException if the file can't be opened or mapped
	 */
	static MappedByteBuffer map(Path path, long size) throws IOException {
		try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			return (Runtime.version().feature() < FIRST_WITH_ARENAS) ? file.map(MapMode.READ_WRITE, 0, size)
					: mapIntoArena(file, size);
		}
	}

	/**
	 * Does the same by a method of Java 22. The old one calls a constructor by
	 * reflection, for which those JDKs generate twenty classes: a fifth of a start, and 8
	 * MB that the compiler takes for the generator and doesn't give back.
	 */
	static MappedByteBuffer mapIntoArena(FileChannel file, long size) throws IOException {
		MethodHandles.Lookup lookup = MethodHandles.publicLookup();
		try {
			Class<?> arena = Class.forName("java.lang.foreign.Arena");
			Class<?> segment = Class.forName("java.lang.foreign.MemorySegment");
			Object forever = lookup.findStatic(arena, "global", MethodType.methodType(arena)).invoke();
			MethodHandle map = lookup.findVirtual(FileChannel.class, "map",
					MethodType.methodType(segment, MapMode.class, long.class, long.class, arena));
			MethodHandle asBuffer = lookup.findVirtual(segment, "asByteBuffer",
					MethodType.methodType(ByteBuffer.class));
			Object mapped = map.invoke(file, MapMode.READ_WRITE, 0L, size, forever);
			return (MappedByteBuffer) asBuffer.invoke(mapped);
		}
		catch (IOException | RuntimeException | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException("Java 22 and later have these methods", ex);
		}
	}

}
