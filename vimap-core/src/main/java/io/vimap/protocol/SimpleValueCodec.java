package io.vimap.protocol;

import java.lang.invoke.MethodType;

import org.jspecify.annotations.Nullable;

/**
 * The values of one class with a fixed binary form. Accepts no tag but those of this
 * class and, unless the declared type is primitive, {@code null}.
 */
final class SimpleValueCodec implements ValueCodec {

	private final Class<?> type;

	/** A bit per tag that {@link #decode} accepts. */
	private final long tags;

	private final boolean nullable;

	/**
	 * Creates a codec.
	 * @param declared a class of {@link SimpleValues}, a primitive type or {@code void}
	 */
	SimpleValueCodec(Class<?> declared) {
		this.type = wrapper(declared);
		this.nullable = !declared.isPrimitive() || declared == void.class;
		this.tags = SimpleValues.tagsOf(this.type) | (this.nullable ? 1L << SimpleValues.NULL : 0);
	}

	/**
	 * Returns whether the values of a class have a fixed binary form.
	 * @param type the class
	 * @return whether this class is the right codec for it
	 */
	static boolean supports(Class<?> type) {
		return type.isPrimitive() || type == Void.class || SimpleValues.tagsOf(type) != 0;
	}

	/**
	 * Returns whether a codec reads a value with the tag {@link SimpleValues#BYTES} as a
	 * byte array.
	 * @param codec the codec
	 * @return whether the bytes behind the tag are the value
	 */
	static boolean readsBytes(ValueCodec codec) {
		return codec instanceof ErasedValueCodec
				|| codec instanceof SimpleValueCodec simple && simple.type == byte[].class;
	}

	private static Class<?> wrapper(Class<?> type) {
		return MethodType.methodType(type).wrap().returnType();
	}

	@Override
	public void encode(@Nullable Object value, PayloadBuffer out) {
		if ((value != null) ? value.getClass() != this.type : !this.nullable) {
			throw new ProtocolException(((value != null) ? "a " + value.getClass().getTypeName() : "null")
					+ " where the declared type is " + this.type.getTypeName());
		}
		SimpleValues.write(value, out);
	}

	@Override
	public @Nullable Object decode(byte[] bytes, int offset, int length) {
		int tag = (length > 0) ? bytes[offset] & 0xFF : -1;
		// A shift takes the tag modulo 64
		if (tag >>> 6 != 0 || (this.tags & 1L << tag) == 0) {
			throw unexpected(tag, this.type.getTypeName());
		}
		try {
			return SimpleValues.read(tag, bytes, offset + 1, length - 1);
		}
		catch (ProtocolException ex) {
			throw new ProtocolException("no " + this.type.getTypeName() + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Returns the exception for a tag that the declared type rules out.
	 * @param tag the tag, or −1 if there are no bytes
	 * @param type the declared type
	 * @return a new exception
	 */
	static ProtocolException unexpected(int tag, String type) {
		return new ProtocolException((tag == -1) ? "no bytes where the declared type is " + type
				: "tag " + tag + " where the declared type is " + type);
	}

}
