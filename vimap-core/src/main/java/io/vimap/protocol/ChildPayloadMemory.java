package io.vimap.protocol;

import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.file.Path;

/**
 * The child's end: reads inputs, writes outputs.
 */
public final class ChildPayloadMemory extends PayloadMemory {

	private final MemoryWriter outputs = new MemoryWriter(this, OUTPUTS, this::taken);

	/**
	 * Uses a file of the parent's.
	 * @param file the file
	 * @param map all of it
	 */
	public ChildPayloadMemory(Path file, MappedByteBuffer map) {
		super(file, map, INPUTS);
	}

	/**
	 * Returns the way into the area for outputs.
	 * @return what writes values into it
	 */
	public MemoryWriter outputs() {
		return this.outputs;
	}

	private long taken() {
		long number = this.map.getLong(TAKEN);
		VarHandle.acquireFence();
		return number;
	}

}
