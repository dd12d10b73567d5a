package io.vimap.protocol;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The values with a fixed binary form: {@code null}, the wrappers of the primitive types,
 * strings, and arrays of primitives. A value is one tag byte, then its body up to the end
 * of the value; all numbers are big-endian.
 *
 * <table>
 * <caption>Tags</caption>
 * <tr>
 * <td>0</td>
 * <td>{@code null}</td>
 * </tr>
 * <tr>
 * <td>1, 2</td>
 * <td>{@code false}, {@code true}</td>
 * </tr>
 * <tr>
 * <td>3 … 9</td>
 * <td>byte, short, char, int, long, float, double</td>
 * </tr>
 * <tr>
 * <td>10, 11, 12</td>
 * <td>string: ISO 8859-1, UTF-8, UTF-16</td>
 * </tr>
 * <tr>
 * <td>13 … 20</td>
 * <td>array of byte, boolean, short, char, int, long, float, double</td>
 * </tr>
 * <tr>
 * <td>32</td>
 * <td>JSON ({@link JsonValueCodec})</td>
 * </tr>
 * <tr>
 * <td>33</td>
 * <td>Java serialization ({@link ErasedValueCodec})</td>
 * </tr>
 * </table>
 */
final class SimpleValues {

	static final int NULL = 0;

	static final int JSON = 32;

	static final int SERIALIZED = 33;

	private static final int FALSE = 1;

	private static final int TRUE = 2;

	private static final int BYTE = 3;

	private static final int SHORT = 4;

	private static final int CHAR = 5;

	private static final int INT = 6;

	private static final int LONG = 7;

	private static final int FLOAT = 8;

	private static final int DOUBLE = 9;

	static final int BYTES = 13;

	private static final int BOOLEANS = 14;

	private static final int SHORTS = 15;

	private static final int CHARS = 16;

	private static final int INTS = 17;

	private static final int LONGS = 18;

	private static final int FLOATS = 19;

	private static final int DOUBLES = 20;

	private static final Map<Class<?>, Long> TAGS = Map.ofEntries(Map.entry(Boolean.class, 1L << FALSE | 1L << TRUE),
			Map.entry(Byte.class, 1L << BYTE), Map.entry(Short.class, 1L << SHORT),
			Map.entry(Character.class, 1L << CHAR), Map.entry(Integer.class, 1L << INT),
			Map.entry(Long.class, 1L << LONG), Map.entry(Float.class, 1L << FLOAT),
			Map.entry(Double.class, 1L << DOUBLE),
			Map.entry(String.class, 1L << Text.LATIN1 | 1L << Text.UTF8 | 1L << Text.UTF16),
			Map.entry(byte[].class, 1L << BYTES), Map.entry(boolean[].class, 1L << BOOLEANS),
			Map.entry(short[].class, 1L << SHORTS), Map.entry(char[].class, 1L << CHARS),
			Map.entry(int[].class, 1L << INTS), Map.entry(long[].class, 1L << LONGS),
			Map.entry(float[].class, 1L << FLOATS), Map.entry(double[].class, 1L << DOUBLES));

	private static final VarHandle SHORT_VIEW = MethodHandles.byteArrayViewVarHandle(short[].class,
			ByteOrder.BIG_ENDIAN);

	private static final VarHandle INT_VIEW = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle LONG_VIEW = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private SimpleValues() {
	}

	/**
	 * Returns the tags that values of a class may have.
	 * @param type the class
	 * @return a bit per tag, or 0 if the class is no simple one
	 */
	static long tagsOf(Class<?> type) {
		return TAGS.getOrDefault(type, 0L);
	}

	/**
	 * Appends a value if it is a simple one.
	 * @param value the value
	 * @param out receives the bytes
	 * @return whether it was
	 */
	static boolean write(@Nullable Object value, PayloadBuffer out) {
		if (value instanceof String text) {
			Text.write(text, out);
		}
		else if (value instanceof Integer number) {
			int at = out.reserve(1 + Integer.BYTES);
			out.array()[at] = INT;
			out.setInt(at + 1, number);
		}
		else if (value instanceof Long number) {
			out.writeByte(LONG);
			out.writeLong(number);
		}
		else if (value instanceof byte[] bytes) {
			out.writeByte(BYTES);
			out.writeShared(bytes);
		}
		else if (value instanceof Double number) {
			out.writeByte(DOUBLE);
			out.writeLong(Double.doubleToRawLongBits(number));
		}
		else if (value instanceof Boolean truth) {
			out.writeByte(truth ? TRUE : FALSE);
		}
		else if (value == null) {
			out.writeByte(NULL);
		}
		else {
			return writeRare(value, out);
		}
		return true;
	}

	private static boolean writeRare(Object value, PayloadBuffer out) {
		if (value instanceof Float number) {
			out.writeByte(FLOAT);
			out.writeInt(Float.floatToRawIntBits(number));
		}
		else if (value instanceof Short number) {
			out.writeByte(SHORT);
			out.writeShort(number);
		}
		else if (value instanceof Byte number) {
			out.writeByte(BYTE);
			out.writeByte(number);
		}
		else if (value instanceof Character character) {
			out.writeByte(CHAR);
			out.writeShort(character);
		}
		else {
			return writeArray(value, out);
		}
		return true;
	}

	private static boolean writeArray(Object value, PayloadBuffer out) {
		if (value instanceof int[] array) {
			room(out, INTS, array.length, Integer.BYTES).asIntBuffer().put(array);
		}
		else if (value instanceof long[] array) {
			room(out, LONGS, array.length, Long.BYTES).asLongBuffer().put(array);
		}
		else if (value instanceof double[] array) {
			room(out, DOUBLES, array.length, Double.BYTES).asDoubleBuffer().put(array);
		}
		else if (value instanceof float[] array) {
			room(out, FLOATS, array.length, Float.BYTES).asFloatBuffer().put(array);
		}
		else if (value instanceof short[] array) {
			room(out, SHORTS, array.length, Short.BYTES).asShortBuffer().put(array);
		}
		else if (value instanceof char[] array) {
			room(out, CHARS, array.length, Character.BYTES).asCharBuffer().put(array);
		}
		else if (value instanceof boolean[] array) {
			ByteBuffer room = room(out, BOOLEANS, array.length, 1);
			for (boolean truth : array) {
				room.put((byte) (truth ? 1 : 0));
			}
		}
		else {
			return false;
		}
		return true;
	}

	private static ByteBuffer room(PayloadBuffer out, int tag, int count, int width) {
		out.writeByte(tag);
		int at = out.reserve(count, width);
		return ByteBuffer.wrap(out.array(), at, count * width);
	}

	/**
	 * Decodes a simple value.
	 * @param tag its tag
	 * @param bytes holds its body
	 * @param offset where the body begins
	 * @param length how many bytes the body has
	 * @return the value
	 */
	static @Nullable Object read(int tag, byte[] bytes, int offset, int length) {
		switch (tag) {
			case INT:
				require(length == Integer.BYTES, tag, length);
				return (int) INT_VIEW.get(bytes, offset);
			case LONG:
				require(length == Long.BYTES, tag, length);
				return (long) LONG_VIEW.get(bytes, offset);
			case Text.LATIN1, Text.UTF8, Text.UTF16:
				return Text.read(tag, bytes, offset, length);
			case BYTES:
				return Arrays.copyOfRange(bytes, offset, offset + length);
			case DOUBLE:
				require(length == Double.BYTES, tag, length);
				return Double.longBitsToDouble((long) LONG_VIEW.get(bytes, offset));
			case FALSE, TRUE:
				require(length == 0, tag, length);
				return tag == TRUE;
			case NULL:
				require(length == 0, tag, length);
				return null;
			default:
				return readRare(tag, bytes, offset, length);
		}
	}

	private static Object readRare(int tag, byte[] bytes, int offset, int length) {
		switch (tag) {
			case FLOAT:
				require(length == Float.BYTES, tag, length);
				return Float.intBitsToFloat((int) INT_VIEW.get(bytes, offset));
			case SHORT:
				require(length == Short.BYTES, tag, length);
				return (short) SHORT_VIEW.get(bytes, offset);
			case BYTE:
				require(length == Byte.BYTES, tag, length);
				return bytes[offset];
			case CHAR:
				require(length == Character.BYTES, tag, length);
				return (char) (short) SHORT_VIEW.get(bytes, offset);
			default:
				return readArray(tag, bytes, offset, length);
		}
	}

	private static Object readArray(int tag, byte[] bytes, int offset, int length) {
		ByteBuffer body = ByteBuffer.wrap(bytes, offset, length);
		switch (tag) {
			case INTS:
				int[] ints = new int[count(tag, length, Integer.BYTES)];
				body.asIntBuffer().get(ints);
				return ints;
			case LONGS:
				long[] longs = new long[count(tag, length, Long.BYTES)];
				body.asLongBuffer().get(longs);
				return longs;
			case DOUBLES:
				double[] doubles = new double[count(tag, length, Double.BYTES)];
				body.asDoubleBuffer().get(doubles);
				return doubles;
			case FLOATS:
				float[] floats = new float[count(tag, length, Float.BYTES)];
				body.asFloatBuffer().get(floats);
				return floats;
			case SHORTS:
				short[] shorts = new short[count(tag, length, Short.BYTES)];
				body.asShortBuffer().get(shorts);
				return shorts;
			case CHARS:
				char[] chars = new char[count(tag, length, Character.BYTES)];
				body.asCharBuffer().get(chars);
				return chars;
			case BOOLEANS:
				boolean[] truths = new boolean[length];
				for (int i = 0; i < length; i++) {
					truths[i] = bytes[offset + i] != 0;
				}
				return truths;
			default:
				throw new ProtocolException("unknown tag " + tag);
		}
	}

	private static int count(int tag, int length, int width) {
		require(length % width == 0, tag, length);
		return length / width;
	}

	private static void require(boolean condition, int tag, int length) {
		if (!condition) {
			throw new ProtocolException("a value with tag " + tag + " cannot have " + length + " bytes");
		}
	}

}
