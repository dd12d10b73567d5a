package io.vimap.protocol;

import java.lang.reflect.Type;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The {@code codec: auto}. Strings, the wrappers of the primitive types and arrays of
 * primitives travel in a fixed binary form, all else as JSON. The declared type alone
 * decides what may be decoded: whatever a peer sends, the result is a value of that type
 * or an exception.
 * <p>
 * {@code null} is a value of every type but the primitive ones. Types that don't say what
 * to decode are refused, and so is a value of a subclass of the declared class, since it
 * would arrive as something less. Within a value Jackson's rules hold: what a property
 * holds arrives as what the property is declared as, and annotations are heeded. Only
 * where the compiler erased the type ({@link #ERASED}) do values travel by Java
 * serialization, within the limits of {@link ErasedValueCodec}.
 */
public final class AutoCodec implements PayloadCodec {

	/** Stands for a type that the compiler erased, as it does with those of a lambda. */
	public static final Type ERASED = new Type() {

		@Override
		public String getTypeName() {
			return "(erased)";
		}

		@Override
		public String toString() {
			return getTypeName();
		}

	};

	private final ClassLoader classLoader;

	private final boolean trusting;

	/** Created with the first value that needs Jackson: children start without it. */
	private volatile @Nullable JsonTypes json;

	/**
	 * Creates a codec that finds classes as the current thread does.
	 */
	public AutoCodec() {
		this(Objects.requireNonNullElseGet(Thread.currentThread().getContextClassLoader(),
				ClassLoader::getSystemClassLoader));
	}

	/**
	 * Creates a codec.
	 * @param classLoader finds the classes that a value names: those of an erased type
	 * and the subtypes of a polymorphic one
	 */
	public AutoCodec(ClassLoader classLoader) {
		this(classLoader, false);
	}

	private AutoCodec(ClassLoader classLoader, boolean trusting) {
		this.classLoader = Objects.requireNonNull(classLoader, "'classLoader' must not be null");
		this.trusting = trusting;
	}

	/**
	 * Creates a codec for a child process: where the type is erased it accepts whatever
	 * is serializable, lambdas included. The parent chose the child's command line and
	 * class path, so nothing is lost by trusting it. A parent must not use this one.
	 * @param classLoader finds the classes that a value names
	 * @return a new codec, which encodes and decodes as any other
	 */
	public static AutoCodec ofTrustedPeer(ClassLoader classLoader) {
		return new AutoCodec(classLoader, true);
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * Cheap: what Jackson needs for the type is built with the first value. See
	 * {@link #prepare} for the opposite.
	 */
	@Override
	public ValueCodec forType(Type type) {
		Objects.requireNonNull(type, "'type' must not be null");
		if (type == ERASED) {
			return new ErasedValueCodec(this.classLoader, this.trusting);
		}
		if (type instanceof Class<?> raw && SimpleValueCodec.supports(raw)) {
			return new SimpleValueCodec(raw);
		}
		DecodableTypes.check(type);
		return new DeferredCodec(type);
	}

	/**
	 * Does what {@link #forType} does, and builds at once what Jackson needs for the
	 * type. So the first value is as fast as the next, and what Jackson cannot read or
	 * write is refused here.
	 * @param type the declared type
	 * @return the codec for its values
	 * @throws IllegalArgumentException if values of this type could not be decoded again
	 */
	public ValueCodec prepare(Type type) {
		ValueCodec codec = forType(type);
		return (codec instanceof DeferredCodec deferred) ? deferred.codec() : codec;
	}

	private JsonTypes json() {
		JsonTypes types = this.json;
		if (types == null) {
			synchronized (this) {
				types = this.json;
				if (types == null) {
					types = new JsonTypes(this.classLoader);
					this.json = types;
				}
			}
		}
		return types;
	}

	/** Puts off loading Jackson until a value needs it. */
	private final class DeferredCodec implements ValueCodec {

		private final Type type;

		private volatile @Nullable ValueCodec codec;

		DeferredCodec(Type type) {
			this.type = type;
		}

		/** Two threads may both create one: they are equivalent. */
		ValueCodec codec() {
			ValueCodec present = this.codec;
			if (present == null) {
				present = json().codec(this.type);
				this.codec = present;
			}
			return present;
		}

		@Override
		public void encode(@Nullable Object value, PayloadBuffer out) throws Exception {
			codec().encode(value, out);
		}

		@Override
		public @Nullable Object decode(byte[] bytes, int offset, int length) throws Exception {
			return codec().decode(bytes, offset, length);
		}

	}

}
