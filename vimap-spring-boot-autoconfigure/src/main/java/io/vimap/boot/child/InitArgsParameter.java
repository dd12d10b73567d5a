package io.vimap.boot.child;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;

/**
 * The constructor parameter of a worker class that takes the init args. It is, in this
 * order: a class nested in the worker, a record, a {@code Map} with string keys, or the
 * only parameter if it is a concrete class. Beans of the context, components, properties
 * of other prefixes and parameters with {@code @Value} or {@code @Qualifier} are never
 * taken for it.
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
		List<InitArgsParameter> candidates = candidates(worker, isBean);
		return candidates.isEmpty() ? null : candidates.get(0);
	}

	/**
	 * Finds the parameters of which the first is taken. Where not all beans are known one
	 * of the others may be it.
	 * @param worker the worker class
	 * @param isBean tells whether a bean of a type is there to be injected
	 * @return the parameters that come first in the order above
	 */
	public static List<InitArgsParameter> candidates(Class<?> worker, Predicate<Class<?>> isBean) {
		Constructor<?> constructor = injectedConstructor(worker);
		if (constructor == null) {
			return List.of();
		}
		List<InitArgsParameter> candidates = new ArrayList<>();
		Parameter[] parameters = constructor.getParameters();
		int bestRank = Integer.MAX_VALUE;
		for (int i = 0; i < parameters.length; i++) {
			int rank = rank(worker, parameters[i], parameters.length, isBean);
			if (rank < bestRank) {
				candidates.clear();
				bestRank = rank;
			}
			if (rank == bestRank && rank != Integer.MAX_VALUE) {
				candidates
					.add(new InitArgsParameter(i, ResolvableType.forConstructorParameter(constructor, i, worker)));
			}
		}
		return candidates;
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
				|| Modifier.isAbstract(type.getModifiers()) || type.getName().startsWith("java.") || isMeantAsBean(type)
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

	/**
	 * Where it is not imported, Spring is to say so: one made of init args would lack all
	 * that it needs.
	 */
	private static boolean isMeantAsBean(Class<?> type) {
		ConfigurationProperties properties = AnnotatedElementUtils.findMergedAnnotation(type,
				ConfigurationProperties.class);
		return AnnotatedElementUtils.hasAnnotation(type, Component.class)
				|| (properties != null && !properties.prefix().equals(ChildContextBuilder.ARGS_PREFIX));
	}

}
