package io.vimap.protocol;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;

import org.jspecify.annotations.Nullable;

/**
 * Finds the codec that a pool's {@code codec} option names.
 */
public final class PayloadCodecs {

	/** The name of {@link AutoCodec}. */
	public static final String AUTO = "auto";

	private PayloadCodecs() {
	}

	/**
	 * Returns a new codec.
	 * @param name {@code auto}, or the name of a class that implements
	 * {@link PayloadCodec} and has a public no-arg constructor
	 * @param classLoader finds that class, and the classes that values name
	 * @return the codec
	 * @throws IllegalArgumentException if the name is neither; the message names the
	 * property, the value and what is allowed
	 */
	public static PayloadCodec byName(String name, ClassLoader classLoader) {
		if (name.equals(AUTO)) {
			return new AutoCodec(classLoader);
		}
		try {
			Class<?> type = Class.forName(name, false, classLoader);
			if (!PayloadCodec.class.isAssignableFrom(type)) {
				throw refused(name, "that class does not implement it", null);
			}
			if (Modifier.isAbstract(type.getModifiers()) || !Modifier.isPublic(type.getModifiers())) {
				throw refused(name, "that class is abstract or not public", null);
			}
			Constructor<?> constructor = type.getConstructor();
			return (PayloadCodec) constructor.newInstance();
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw refused(name, "no such class can be loaded", ex);
		}
		catch (NoSuchMethodException | IllegalAccessException | InstantiationException ex) {
			throw refused(name, "that class has no public no-arg constructor", ex);
		}
		catch (InvocationTargetException ex) {
			throw refused(name, "its constructor threw " + ex.getCause(), ex.getCause());
		}
	}

	private static IllegalArgumentException refused(String name, String why, @Nullable Throwable cause) {
		return new IllegalArgumentException(
				"Property 'codec' is '" + name + "': " + why + ". Allowed are 'auto' and the name of a"
						+ " public class on the class path of parent and child that implements "
						+ PayloadCodec.class.getName() + " and has a public no-arg constructor.",
				cause);
	}

}
