package io.vimap.protocol;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Makes a throwable of the data that {@link ThrowableCodec} decoded: of the original
 * class where that is possible, else a stand-in.
 * <p>
 * The data may lie. No class is initialized but a subclass of {@link Throwable}, and no
 * code of it runs but a public constructor and the methods that every throwable has.
 */
public final class ThrowableRebuilder {

	/**
	 * Creates what stands in for a throwable of which the class is not at hand.
	 */
	@FunctionalInterface
	public interface StandIn {

		/**
		 * Creates a stand-in.
		 * @param className the class name of the original
		 * @param message the original's message
		 * @param cause the original's cause, rebuilt
		 * @return a new throwable
		 */
		Throwable create(String className, @Nullable String message, @Nullable Throwable cause);

	}

	private final ClassLoader classLoader;

	private final StandIn standIn;

	private ThrowableRebuilder(ClassLoader classLoader, StandIn standIn) {
		this.classLoader = classLoader;
		this.standIn = standIn;
	}

	/**
	 * Makes a throwable. It is of the original class if the loader knows that class and
	 * it has a public constructor that takes message and cause, the message, or nothing,
	 * after which it has the same message and cause as the original. Frames, causes and
	 * suppressed throwables are those of the original.
	 * @param data the original as data
	 * @param classLoader finds the original classes
	 * @param standIn makes what stands in for those that cannot be rebuilt
	 * @return the throwable
	 */
	public static Throwable rebuild(DecodedThrowable data, ClassLoader classLoader, StandIn standIn) {
		return new ThrowableRebuilder(classLoader, standIn).rebuild(data);
	}

	private Throwable rebuild(DecodedThrowable data) {
		DecodedThrowable inner = data.cause();
		Throwable cause = (inner != null) ? rebuild(inner) : null;
		List<Throwable> suppressed = data.suppressed().stream().map(this::rebuild).toList();
		Throwable original = original(data, cause, suppressed);
		if (original != null) {
			return original;
		}
		Throwable substitute = this.standIn.create(data.className(), data.message(), cause);
		restore(substitute, data, suppressed);
		return substitute;
	}

	/** Returns {@code null} if anything at all goes wrong, errors included. */
	private @Nullable Throwable original(DecodedThrowable data, @Nullable Throwable cause, List<Throwable> suppressed) {
		try {
			Class<?> type = Class.forName(data.className(), false, this.classLoader);
			if (!Throwable.class.isAssignableFrom(type) || Modifier.isAbstract(type.getModifiers())) {
				return null;
			}
			for (Attempt attempt : Attempt.values()) {
				Throwable rebuilt = attempt(attempt, type, data.message(), cause);
				if (rebuilt != null) {
					restore(rebuilt, data, suppressed);
					return rebuilt;
				}
			}
			return null;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private static @Nullable Throwable attempt(Attempt attempt, Class<?> type, @Nullable String message,
			@Nullable Throwable cause) {
		try {
			Throwable rebuilt = attempt.create(type, message, cause);
			if (rebuilt == null || !Objects.equals(rebuilt.getMessage(), message)) {
				return null;
			}
			if (cause != null && rebuilt.getCause() == null) {
				rebuilt.initCause(cause);
			}
			return (rebuilt.getCause() == cause) ? rebuilt : null;
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private static void restore(Throwable throwable, DecodedThrowable data, List<Throwable> suppressed) {
		throwable.setStackTrace(data.frames().toArray(new StackTraceElement[0]));
		suppressed.forEach(throwable::addSuppressed);
	}

	/** The constructors to try, in this order. */
	private enum Attempt {

		MESSAGE_AND_CAUSE {
			@Override
			@Nullable Throwable create(Class<?> type, @Nullable String message, @Nullable Throwable cause) throws Exception {
				if (cause == null) {
					return null;
				}
				for (Constructor<?> constructor : type.getConstructors()) {
					Class<?>[] parameters = constructor.getParameterTypes();
					if (parameters.length == 2 && parameters[0] == String.class
							&& Throwable.class.isAssignableFrom(parameters[1]) && parameters[1].isInstance(cause)) {
						return newInstance(constructor, message, cause);
					}
				}
				return null;
			}
		},

		MESSAGE {
			@Override
			Throwable create(Class<?> type, @Nullable String message, @Nullable Throwable cause) throws Exception {
				return newInstance(type.getConstructor(String.class), message);
			}
		},

		/** Some, like {@link AssertionError}, have no constructor for a message alone. */
		MESSAGE_AND_NO_CAUSE {
			@Override
			Throwable create(Class<?> type, @Nullable String message, @Nullable Throwable cause) throws Exception {
				return newInstance(type.getConstructor(String.class, Throwable.class), message, cause);
			}
		},

		NOTHING {
			@Override
			Throwable create(Class<?> type, @Nullable String message, @Nullable Throwable cause) throws Exception {
				return newInstance(type.getConstructor());
			}
		};

		abstract @Nullable Throwable create(Class<?> type, @Nullable String message, @Nullable Throwable cause)
				throws Exception;

		/** A public constructor of a package-private class is as good as any. */
		private static Throwable newInstance(Constructor<?> constructor, @Nullable Object... arguments)
				throws Exception {
			constructor.trySetAccessible();
			return (Throwable) constructor.newInstance(arguments);
		}

	}

}
