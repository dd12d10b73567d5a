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

import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadMemory;
import org.jspecify.annotations.Nullable;

/**
 * Maps the outbox into memory beside the other preparations: on JDK 25 the first mapping
 * takes as long as the opening of the socket.
 */
final class OutboxThread extends Thread {

	private static final int FIRST_WITH_ARENAS = 22;

	private final Path outbox;

	/** Written by this thread before it ends, as is the other. */
	private @Nullable MappedByteBuffer map;

	private @Nullable IOException failure;

	OutboxThread(Path outbox) {
		super(null, null, "vimap-outbox", 256 * 1024);
		setDaemon(true);
		this.outbox = outbox;
	}

	@Override
	public void run() {
		try {
			this.map = map(this.outbox, Outbox.AREA + Outbox.CAPACITY);
		}
		catch (IOException ex) {
			this.failure = ex;
		}
	}

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

	static PayloadMemory openMemory(Path file) throws IOException {
		return new PayloadMemory(file, map(file, PayloadMemory.SIZE));
	}

	/**
	 * Waits for the end of this thread.
	 * @return the outbox
	 * @throws IOException if it can't be mapped
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	MappedByteBuffer awaitMap() throws IOException, InterruptedException {
		join();
		MappedByteBuffer mapped = this.map;
		if (mapped == null) {
			throw new IOException("cannot map " + this.outbox, this.failure);
		}
		return mapped;
	}

}
