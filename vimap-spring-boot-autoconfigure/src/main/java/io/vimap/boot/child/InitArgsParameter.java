package io.vimap.boot.child;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.ResolvableType;

/**
 * The constructor parameter of a worker class that takes the init args. It is, in this
 * order: a class nested in the worker, a record, a {@code Map} with string keys, or the
 * only parameter if it is a concrete class. Beans of the context and parameters with
 * {@code @Value} or {@code @Qualifier} are never taken for it.
 *
 * @param index the position of the parameter
 * @param type its type
 */
public record InitArgsParameter(int index, ResolvableType type) {

	/**
	 * Finds the parameter.
	 * @param worker the worker class
	 * @param isBean tells whether a bean of a type is there to be injected
	 * @return the parameter, or {@code null} if there is none
	 */
	public static @Nullable InitArgsParameter find(Class<?> worker, Predicate<Class<?>> isBean) {
		Constructor<?> constructor = injectedConstructor(worker);
		if (constructor == null) {
			return null;
		}
		Parameter[] parameters = constructor.getParameters();
		int best = -1;
		int bestRank = Integer.MAX_VALUE;
		for (int i = 0; i < parameters.length; i++) {
			int rank = rank(worker, parameters[i], parameters.length, isBean);
			if (rank < bestRank) {
				best = i;
				bestRank = rank;
			}
		}
		return (best >= 0)
				? new InitArgsParameter(best, ResolvableType.forConstructorParameter(constructor, best, worker)) : null;
	}

	private static @Nullable Constructor<?> injectedConstructor(Class<?> worker) {
		Constructor<?>[] constructors = worker.getDeclaredConstructors();
		for (Constructor<?> constructor : constructors) {
			if (constructors.length == 1 || constructor.isAnnotationPresent(Autowired.class)) {
				return constructor;
			}
		}
		return null;
	}

	private static int rank(Class<?> worker, Parameter parameter, int count, Predicate<Class<?>> isBean) {
		Class<?> type = parameter.getType();
		if (parameter.isAnnotationPresent(Value.class) || parameter.isAnnotationPresent(Qualifier.class)) {
			return Integer.MAX_VALUE;
		}
		if (type == Map.class) {
			Class<?> key = ResolvableType.forType(parameter.getParameterizedType()).asMap().getGeneric(0).resolve();
			return (key == String.class) ? 2 : Integer.MAX_VALUE;
		}
		if (type.isPrimitive() || type.isInterface() || type.isArray() || type.isEnum()
				|| Modifier.isAbstract(type.getModifiers()) || type.getName().startsWith("java.")
				|| isBean.test(type)) {
			return Integer.MAX_VALUE;
		}
		if (type.getEnclosingClass() == worker) {
			return 0;
		}
		if (type.isRecord()) {
			return 1;
		}
		return (count == 1) ? 3 : Integer.MAX_VALUE;
	}

}
