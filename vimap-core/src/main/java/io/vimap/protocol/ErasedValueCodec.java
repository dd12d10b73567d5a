package io.vimap.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;

import org.jspecify.annotations.Nullable;

/**
 * The values of a type that the compiler erased: the simple ones in their fixed binary
 * form, all others by Java serialization.
 * <p>
 * What may be deserialized is bounded by {@link ErasedValueFilter}, and by the filter of
 * the JVM ({@code jdk.serialFilter}) where there is one. Dynamic proxies are refused even
 * from a trusted peer.
 */
final class ErasedValueCodec implements ValueCodec {

	private static final String ADVICE = " Declare the types of input and output, then their values need not be serializable.";

	private final ClassLoader classLoader;

	private final boolean trusting;

	/**
	 * Creates a codec.
	 * @param classLoader finds the classes
	 * @param trusting whether any class is accepted
	 */
	ErasedValueCodec(ClassLoader classLoader, boolean trusting) {
		this.classLoader = classLoader;
		this.trusting = trusting;
	}

	@Override
	public void encode(@Nullable Object value, PayloadBuffer out) {
		if (SimpleValues.write(value, out) || value == null) {
			return;
		}
		String type = value.getClass().getTypeName();
		out.writeByte(SimpleValues.SERIALIZED);
		try (ObjectOutputStream stream = new ObjectOutputStream(out)) {
			stream.writeObject(value);
		}
		catch (NotSerializableException ex) {
			throw new ProtocolException("cannot serialize a " + type + ": " + ex.getMessage()
					+ " does not implement java.io.Serializable." + ADVICE, ex);
		}
		catch (StackOverflowError ex) {
			throw new ProtocolException("cannot serialize a " + type + ": it is nested too deeply." + ADVICE, ex);
		}
		catch (PayloadTooLargeException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			throw new ProtocolException("cannot serialize a " + type + ": " + ex, ex);
		}
	}

	@Override
	public @Nullable Object decode(byte[] bytes, int offset, int length) {
		int tag = (length > 0) ? bytes[offset] & 0xFF : -1;
		if (tag == -1 || tag == SimpleValues.JSON) {
			throw SimpleValueCodec.unexpected(tag, AutoCodec.ERASED.getTypeName());
		}
		if (tag != SimpleValues.SERIALIZED) {
			return SimpleValues.read(tag, bytes, offset + 1, length - 1);
		}
		ErasedValueFilter filter = new ErasedValueFilter(length, this.trusting);
		ByteArrayInputStream source = new ByteArrayInputStream(bytes, offset + 1, length - 1);
		try (ObjectInputStream stream = new ResolvingStream(source, filter)) {
			Object value = stream.readObject();
			if (source.available() > 0) {
				throw new ProtocolException(source.available() + " bytes are left after a serialized "
						+ ((value != null) ? value.getClass().getTypeName() : "null"));
			}
			return value;
		}
		catch (ClassNotFoundException ex) {
			throw new ProtocolException("cannot deserialize a value: no class " + ex.getMessage(), ex);
		}
		catch (IOException | RuntimeException | LinkageError | StackOverflowError ex) {
			throw (ex instanceof ProtocolException known) ? known
					: new ProtocolException("cannot deserialize a value: " + filter.explain(ex) + "." + ADVICE, ex);
		}
	}

	private final class ResolvingStream extends ObjectInputStream {

		ResolvingStream(ByteArrayInputStream source, ErasedValueFilter filter) throws IOException {
			super(source);
			setObjectInputFilter(filter);
		}

		@Override
		protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
			return Class.forName(description.getName(), false, ErasedValueCodec.this.classLoader);
		}

		@Override
		protected Class<?> resolveProxyClass(String[] interfaces) throws IOException {
			throw new InvalidClassException("dynamic proxies are not accepted");
		}

	}

}
