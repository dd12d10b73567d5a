package io.vimap.protocol;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Refuses the declared types that don't say what to decode. Plain reflection: needs no
 * Jackson class, only the names of its annotations.
 */
final class DecodableTypes {

	/** Interfaces and abstract classes of the JDK whose values Jackson reads. */
	private static final Set<String> READABLE = Set.of("java.lang.CharSequence", "java.lang.Iterable",
			"java.util.Collection", "java.util.List", "java.util.Set", "java.util.SortedSet", "java.util.NavigableSet",
			"java.util.Queue", "java.util.Deque", "java.util.Map", "java.util.SortedMap", "java.util.NavigableMap",
			"java.util.Map$Entry", "java.util.EnumSet", "java.util.concurrent.ConcurrentMap",
			"java.util.concurrent.ConcurrentNavigableMap", "java.util.concurrent.BlockingQueue",
			"java.util.concurrent.BlockingDeque", "java.util.SequencedCollection", "java.util.SequencedSet",
			"java.util.SequencedMap", "java.nio.file.Path", "java.nio.charset.Charset", "java.nio.ByteBuffer",
			"java.time.ZoneId", "java.util.TimeZone", "java.util.Calendar", "tools.jackson.databind.JsonNode");

	static final String OTHER_WAYS = "a record or another class, or a type with @JsonTypeInfo and @JsonSubTypes"
			+ " if there are several kinds of values; or name a codec of your own in the property 'codec'";

	private DecodableTypes() {
	}

	/**
	 * Checks a declared type with all its type arguments.
	 * @param declared the type
	 * @throws IllegalArgumentException if its values could not be decoded again
	 */
	static void check(Type declared) {
		check(declared, declared);
	}

	private static void check(Type type, Type declared) {
		if (type instanceof Class<?> raw) {
			checkClass(raw, declared);
		}
		else if (type instanceof ParameterizedType parameterized) {
			Class<?> raw = (Class<?>) parameterized.getRawType();
			checkInstantiable(raw, declared);
			if (raw == Class.class) {
				// It travels as its name, whatever the argument.
				return;
			}
			for (Type argument : parameterized.getActualTypeArguments()) {
				check(argument, declared);
			}
		}
		else if (type instanceof GenericArrayType array) {
			check(array.getGenericComponentType(), declared);
		}
		else if (type instanceof WildcardType wildcard) {
			throw refusal(declared, "'" + wildcard.getTypeName() + "' does not say what is in it",
					"the actual type in its place");
		}
		else if (type instanceof TypeVariable<?> variable) {
			throw refusal(declared, "the type variable '" + variable.getName() + "' of "
					+ variable.getGenericDeclaration() + " is not resolved",
					"the actual type, for example in a subclass that fixes it");
		}
		else {
			throw refusal(declared, "it is a " + type.getClass().getName(), "a class or a parameterized type");
		}
	}

	private static void checkClass(Class<?> raw, Type declared) {
		if (raw.isArray()) {
			check(raw.getComponentType(), declared);
			return;
		}
		if (raw == Object.class) {
			throw refusal(declared, "'Object' does not say what to decode", OTHER_WAYS);
		}
		int parameters = raw.getTypeParameters().length;
		if (parameters > 0) {
			String arguments = Arrays.stream(raw.getTypeParameters()).map(TypeVariable::getName).toList().toString();
			throw refusal(declared, "'" + raw.getTypeName() + "' is raw and does not say what is in it",
					"its type arguments: " + raw.getSimpleName() + "<" + arguments.substring(1, arguments.length() - 1)
							+ ">");
		}
		checkInstantiable(raw, declared);
	}

	private static void checkInstantiable(Class<?> raw, Type declared) {
		if (raw.isAnonymousClass()
				|| raw.isMemberClass() && !raw.isInterface() && !Modifier.isStatic(raw.getModifiers())) {
			throw refusal(declared, "'" + raw.getTypeName() + "' is an inner class, which exists only within an object",
					"a static nested class or a record");
		}
		if (isOpen(raw)) {
			throw refusal(declared, "'" + raw.getTypeName() + "' is "
					+ (raw.isInterface() ? "an interface" : "abstract") + " and does not say which class to decode",
					OTHER_WAYS);
		}
	}

	/**
	 * Returns whether a class does not say which class to decode.
	 * @param raw the class
	 * @return whether it is {@code Object}, or an interface or an abstract class that
	 * neither Jackson nor an annotation resolves
	 */
	static boolean isOpen(Class<?> raw) {
		if (raw == Object.class) {
			return true;
		}
		boolean isAbstract = Modifier.isAbstract(raw.getModifiers()) && !raw.isPrimitive() && !raw.isArray()
				&& !raw.isEnum();
		return isAbstract && !READABLE.contains(raw.getName()) && !isExplained(raw);
	}

	/**
	 * Returns whether annotations of Jackson say how to make an instance.
	 * @param type the class
	 * @return whether it or one of its supertypes has such an annotation
	 */
	static boolean isExplained(@Nullable Class<?> type) {
		if (type == null || type == Object.class) {
			return false;
		}
		if (annotated(type)) {
			return true;
		}
		for (Method method : type.getDeclaredMethods()) {
			if (Modifier.isStatic(method.getModifiers()) && annotated(method)) {
				return true;
			}
		}
		return isExplained(type.getSuperclass())
				|| Arrays.stream(type.getInterfaces()).anyMatch(DecodableTypes::isExplained);
	}

	/**
	 * Returns whether instances of a class differ in what they hold.
	 * @param type the class
	 * @return whether it is concrete and has a field that is neither transient nor
	 * annotated: what is annotated may be left out on purpose
	 */
	static boolean hasState(Class<?> type) {
		if (Modifier.isAbstract(type.getModifiers())) {
			return false;
		}
		for (Class<?> each = type; each != null; each = each.getSuperclass()) {
			for (Field field : each.getDeclaredFields()) {
				if ((field.getModifiers() & (Modifier.STATIC | Modifier.TRANSIENT)) == 0
						&& field.getAnnotations().length == 0) {
					return true;
				}
			}
		}
		return false;
	}

	private static boolean annotated(AnnotatedElement element) {
		return Arrays.stream(element.getAnnotations())
			.map(Annotation::annotationType)
			.map(Class::getName)
			.anyMatch((name) -> name.equals("com.fasterxml.jackson.annotation.JsonTypeInfo")
					|| name.equals("com.fasterxml.jackson.annotation.JsonCreator")
					|| name.equals("tools.jackson.databind.annotation.JsonDeserialize")
					|| name.equals("tools.jackson.databind.annotation.JsonTypeResolver"));
	}

	private static IllegalArgumentException refusal(Type declared, String why, String instead) {
		return refused(declared, why + ". Declare " + instead + ".", null);
	}

	/**
	 * Returns the exception for a declared type that cannot be used.
	 * @param declared the type
	 * @param why why it cannot, and what to declare instead
	 * @param cause the cause, if any
	 * @return a new exception
	 */
	static IllegalArgumentException refused(Type declared, String why, @Nullable Throwable cause) {
		return new IllegalArgumentException("The type '" + declared.getTypeName()
				+ "' cannot be used for values that travel between processes: " + why, cause);
	}

}
