package io.vimap.protocol;

import java.io.IOException;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Carries a declared type to the child: a class name, or a generic type with its
 * arguments. No bytes stand for {@link AutoCodec#ERASED}.
 */
public final class DeclaredType {

	private static final int CLASS = 0;

	private static final int PARAMETERIZED = 1;

	private static final int ARRAY = 2;

	private DeclaredType() {
	}

	/**
	 * Writes a type.
	 * @param type the type; {@code null} if none was declared
	 * @return its bytes
	 * @throws IllegalArgumentException if the type has variables or wildcards
	 */
	public static byte[] encode(@Nullable Type type) {
		PayloadBuffer out = new PayloadBuffer(64);
		if (type != null && !type.equals(AutoCodec.ERASED)) {
			write(type, out);
		}
		return Arrays.copyOf(out.array(), out.size());
	}

	private static void write(Type type, PayloadBuffer out) {
		if (type instanceof Class<?> plain) {
			out.writeByte(CLASS);
			Frames.writeString(out, plain.getName());
		}
		else if (type instanceof ParameterizedType parameterized) {
			out.writeByte(PARAMETERIZED);
			write(parameterized.getRawType(), out);
			Type[] arguments = parameterized.getActualTypeArguments();
			out.writeByte(arguments.length);
			for (Type argument : arguments) {
				write(argument, out);
			}
		}
		else if (type instanceof GenericArrayType array) {
			out.writeByte(ARRAY);
			write(array.getGenericComponentType(), out);
		}
		else {
			throw new IllegalArgumentException("The type " + type.getTypeName()
					+ " can't be declared for a worker: name a class, or a generic type with all its arguments.");
		}
	}

	/**
	 * Reads a type.
	 * @param bytes what {@link #encode} wrote
	 * @param loader loads its classes
	 * @return the type
	 * @throws ClassNotFoundException if a class is missing
	 * @throws IOException if the bytes are no type
	 */
	public static Type decode(byte[] bytes, ClassLoader loader) throws ClassNotFoundException, IOException {
		if (bytes.length == 0) {
			return AutoCodec.ERASED;
		}
		FrameInput in = new FrameInput();
		in.set(bytes, 0, bytes.length);
		return read(in, loader);
	}

	private static Type read(FrameInput in, ClassLoader loader) throws ClassNotFoundException, IOException {
		switch (in.readByte()) {
			case CLASS -> {
				return Class.forName(in.readString(), false, loader);
			}
			case PARAMETERIZED -> {
				Class<?> raw = (Class<?>) read(in, loader);
				Type[] arguments = new Type[in.readByte()];
				for (int i = 0; i < arguments.length; i++) {
					arguments[i] = read(in, loader);
				}
				return GenericTypes.parameterized(raw, arguments);
			}
			case ARRAY -> {
				return GenericTypes.arrayOf(read(in, loader));
			}
			default -> throw new IOException("malformed type");
		}
	}

}
