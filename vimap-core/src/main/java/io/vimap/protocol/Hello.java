package io.vimap.protocol;

/**
 * The body of a HELLO.
 *
 * @param version the version the child speaks
 * @param token the token it was given
 * @param pid its process id
 */
public record Hello(int version, String token, long pid) {

	/**
	 * Reads the body.
	 * @param in where from
	 * @return the content
	 * @throws ProtocolException if it is malformed
	 */
	public static Hello read(FrameInput in) {
		if (in.readInt() != Frames.MAGIC) {
			throw new ProtocolException("the magic bytes are missing: this is no vimap child");
		}
		Hello hello = new Hello(in.readInt(), in.readString(), in.readLong());
		in.expectEnd();
		return hello;
	}

}
