package io.vimap.protocol;

import java.lang.reflect.Constructor;

import org.jspecify.annotations.Nullable;

/**
 * By which constructor a child makes its worker: the parent asks whether there is one,
 * and whether it has a place for the init args.
 */
public final class WorkerConstructor {

	private WorkerConstructor() {
	}

	/**
	 * Finds the constructor.
	 * @param worker the worker's class
	 * @param hasInitArgs whether it has init args
	 * @return one with one parameter, the init args, if there are any; else one without
	 * parameters; else the other one; {@code null} if there is neither
	 */
	public static @Nullable Constructor<?> of(Class<?> worker, boolean hasInitArgs) {
		Constructor<?> chosen = null;
		for (Constructor<?> constructor : worker.getDeclaredConstructors()) {
			int parameters = constructor.getParameterCount();
			if (parameters == 1 && hasInitArgs || parameters == 0 && (chosen == null || chosen.getParameterCount() != 1)
					|| parameters == 1 && chosen == null) {
				chosen = constructor;
			}
		}
		return chosen;
	}

}
