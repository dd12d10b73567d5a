package io.vimap.protocol;

import java.util.Map;

/**
 * The body of a WELCOME: all a child needs to know.
 *
 * @param pool the pool's name
 * @param index the seat
 * @param incarnation its number among the processes that had this index
 * @param kind what {@code definition} is
 * @param definition a class name as UTF-8, or a serialized factory or function
 * @param initArgs the init args as JSON, empty for none
 * @param codec the codec's name
 * @param inputType the declared input type, serialized; empty if none was declared
 * @param outputType the declared output type, serialized; empty if none was declared
 * @param maxPayload the largest encoded value, in bytes
 * @param signals the last notice of each topic
 */
public record Welcome(String pool, int index, int incarnation, Kind kind, byte[] definition, byte[] initArgs,
		String codec, byte[] inputType, byte[] outputType, long maxPayload, Map<String, String> signals) {

	/**
	 * What a worker is created from. The order is the wire's.
	 */
	public enum Kind {

		/** The name of a worker class. */
		WORKER_CLASS,

		/** A serialized {@code WorkerFactory}. */
		FACTORY,

		/** A serialized {@code SerializableFunction}. */
		FUNCTION

	}

	/**
	 * Appends the frame.
	 * @param out where to
	 */
	@SuppressWarnings("EnumOrdinal") // the order is the wire's
	public void write(PayloadBuffer out) {
		int at = Frames.begin(out, FrameType.WELCOME);
		Frames.writeString(out, this.pool);
		out.writeInt(this.index);
		out.writeInt(this.incarnation);
		out.writeByte(this.kind.ordinal());
		Frames.writeBytes(out, this.definition);
		Frames.writeBytes(out, this.initArgs);
		Frames.writeString(out, this.codec);
		Frames.writeBytes(out, this.inputType);
		Frames.writeBytes(out, this.outputType);
		out.writeLong(this.maxPayload);
		Frames.writePairs(out, this.signals);
		Frames.end(out, at);
	}

	/**
	 * Reads the body.
	 * @param in where from
	 * @return the content
	 * @throws ProtocolException if it is malformed
	 */
	public static Welcome read(FrameInput in) {
		Welcome welcome = new Welcome(in.readString(), in.readInt(), in.readInt(), kind(in.readByte()), in.readBytes(),
				in.readBytes(), in.readString(), in.readBytes(), in.readBytes(), in.readLong(), in.readPairs());
		in.expectEnd();
		return welcome;
	}

	private static Kind kind(int ordinal) {
		Kind[] kinds = Kind.values();
		if (ordinal >= kinds.length) {
			throw new ProtocolException("unknown kind of worker definition " + ordinal);
		}
		return kinds[ordinal];
	}

}
