package io.vimap.protocol;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Finds out what a class says about the type parameters of a generic interface it
 * implements, through superclasses, superinterfaces and generic bases. The class is not
 * initialized. Lambdas and other classes whose types the compiler erased have nothing to
 * say: their arguments are type variables.
 */
public final class GenericTypes {

	private GenericTypes() {
	}

	/**
	 * Returns the type arguments of a generic interface as a class fixes them. For
	 * {@code class Base<T> implements Function<List<T>, T>} and
	 * {@code class Lengths extends Base<String>}, those of {@code Function} are
	 * {@code List<String>} and {@code String}.
	 * @param concrete the class
	 * @param genericInterface an interface (or superclass) of it
	 * @return one type per type parameter; where the class leaves one open, a
	 * {@link TypeVariable} or a type that contains one
	 * @throws IllegalArgumentException if the class does not implement the interface
	 */
	public static Type[] argumentsOf(Class<?> concrete, Class<?> genericInterface) {
		Type[] arguments = find(concrete, genericInterface, Map.of());
		if (arguments == null) {
			throw new IllegalArgumentException(
					concrete.getName() + " does not implement " + genericInterface.getName());
		}
		return arguments;
	}

	/**
	 * Returns a type that a generic interface mentions (that of a parameter, say) as a
	 * class fixes it.
	 * @param mentioned the type
	 * @param genericInterface the interface that mentions it
	 * @param concrete the class, or an interface that extends that one
	 * @return the type with the variables in it replaced, as far as the class fixes them
	 * @throws IllegalArgumentException if the class does not implement the interface
	 */
	public static Type resolve(Type mentioned, Class<?> genericInterface, Class<?> concrete) {
		Type[] arguments = argumentsOf(concrete, genericInterface);
		Map<TypeVariable<?>, Type> known = new HashMap<>();
		for (int i = 0; i < arguments.length; i++) {
			known.put(genericInterface.getTypeParameters()[i], arguments[i]);
		}
		return resolve(mentioned, known);
	}

	private static Type @Nullable [] find(Type type, Class<?> target, Map<TypeVariable<?>, Type> known) {
		Class<?> raw = (type instanceof ParameterizedType parameterized) ? (Class<?>) parameterized.getRawType()
				: (Class<?>) type;
		if (!target.isAssignableFrom(raw)) {
			return null;
		}
		Map<TypeVariable<?>, Type> bound = new HashMap<>();
		if (type instanceof ParameterizedType parameterized) {
			bind(parameterized, known, bound);
		}
		if (raw == target) {
			return resolve(target.getTypeParameters(), bound);
		}
		Type superclass = raw.getGenericSuperclass();
		Type[] found = (superclass != null) ? find(superclass, target, bound) : null;
		Type[] interfaces = raw.getGenericInterfaces();
		for (int i = 0; found == null && i < interfaces.length; i++) {
			found = find(interfaces[i], target, bound);
		}
		return found;
	}

	/** An inner class of a generic class sees the arguments of its owner too. */
	private static void bind(ParameterizedType type, Map<TypeVariable<?>, Type> known,
			Map<TypeVariable<?>, Type> bound) {
		if (type.getOwnerType() instanceof ParameterizedType owner) {
			bind(owner, known, bound);
		}
		TypeVariable<?>[] variables = ((Class<?>) type.getRawType()).getTypeParameters();
		Type[] arguments = type.getActualTypeArguments();
		for (int i = 0; i < variables.length; i++) {
			bound.put(variables[i], resolve(arguments[i], known));
		}
	}

	private static Type resolve(Type type, Map<TypeVariable<?>, Type> known) {
		if (type instanceof TypeVariable<?> variable) {
			return known.getOrDefault(variable, variable);
		}
		if (type instanceof GenericArrayType array) {
			Type component = resolve(array.getGenericComponentType(), known);
			return (component instanceof Class<?> element) ? Array.newInstance(element, 0).getClass()
					: new ResolvedArray(component);
		}
		if (type instanceof ParameterizedType parameterized) {
			Type owner = parameterized.getOwnerType();
			return new Resolved((owner != null) ? resolve(owner, known) : null, (Class<?>) parameterized.getRawType(),
					resolve(parameterized.getActualTypeArguments(), known));
		}
		if (type instanceof WildcardType wildcard) {
			return new ResolvedWildcard(resolve(wildcard.getUpperBounds(), known),
					resolve(wildcard.getLowerBounds(), known));
		}
		return type;
	}

	/** Without a stream: every child comes here before it is ready. */
	private static Type[] resolve(Type[] types, Map<TypeVariable<?>, Type> known) {
		Type[] resolved = new Type[types.length];
		for (int i = 0; i < types.length; i++) {
			resolved[i] = resolve(types[i], known);
		}
		return resolved;
	}

	/**
	 * Makes a generic type from its parts.
	 * @param raw the generic class
	 * @param arguments its type arguments
	 * @return a type that equals the JDK's own of the same content
	 */
	public static ParameterizedType parameterized(Class<?> raw, Type... arguments) {
		return new Resolved(raw.getDeclaringClass(), raw, arguments.clone());
	}

	/**
	 * Makes an array type of a generic component type.
	 * @param component the type of the elements
	 * @return a type that equals the JDK's own of the same content
	 */
	public static GenericArrayType arrayOf(Type component) {
		return new ResolvedArray(component);
	}

	/** Equal to the JDK's own of the same content, and so are the two below. */
	private static final class Resolved implements ParameterizedType {

		private final @Nullable Type owner;

		private final Class<?> raw;

		private final Type[] arguments;

		Resolved(@Nullable Type owner, Class<?> raw, Type[] arguments) {
			this.owner = owner;
			this.raw = raw;
			this.arguments = arguments;
		}

		@Override
		public Type[] getActualTypeArguments() {
			return this.arguments.clone();
		}

		@Override
		public Type getRawType() {
			return this.raw;
		}

		@Override
		public @Nullable Type getOwnerType() {
			return this.owner;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof ParameterizedType type && this.raw.equals(type.getRawType())
					&& Objects.equals(this.owner, type.getOwnerType())
					&& Arrays.equals(this.arguments, type.getActualTypeArguments());
		}

		@Override
		public int hashCode() {
			return Arrays.hashCode(this.arguments) ^ Objects.hashCode(this.owner) ^ this.raw.hashCode();
		}

		@Override
		public String toString() {
			String name = (this.owner instanceof ParameterizedType)
					? this.owner.getTypeName() + "$" + this.raw.getSimpleName() : this.raw.getName();
			return (this.arguments.length == 0) ? name : name
					+ Arrays.stream(this.arguments).map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
		}

	}

	private static final class ResolvedArray implements GenericArrayType {

		private final Type component;

		ResolvedArray(Type component) {
			this.component = component;
		}

		@Override
		public Type getGenericComponentType() {
			return this.component;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof GenericArrayType type && this.component.equals(type.getGenericComponentType());
		}

		@Override
		public int hashCode() {
			return this.component.hashCode();
		}

		@Override
		public String toString() {
			return this.component.getTypeName() + "[]";
		}

	}

	private static final class ResolvedWildcard implements WildcardType {

		private final Type[] upper;

		private final Type[] lower;

		ResolvedWildcard(Type[] upper, Type[] lower) {
			this.upper = upper;
			this.lower = lower;
		}

		@Override
		public Type[] getUpperBounds() {
			return this.upper.clone();
		}

		@Override
		public Type[] getLowerBounds() {
			return this.lower.clone();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof WildcardType type && Arrays.equals(this.upper, type.getUpperBounds())
					&& Arrays.equals(this.lower, type.getLowerBounds());
		}

		@Override
		public int hashCode() {
			return Arrays.hashCode(this.lower) ^ Arrays.hashCode(this.upper);
		}

		@Override
		public String toString() {
			if (this.lower.length > 0) {
				return "? super " + this.lower[0].getTypeName();
			}
			return (this.upper.length == 0 || this.upper[0] == Object.class) ? "?"
					: "? extends " + this.upper[0].getTypeName();
		}

	}

}
