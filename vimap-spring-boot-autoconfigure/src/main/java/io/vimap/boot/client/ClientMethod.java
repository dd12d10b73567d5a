package io.vimap.boot.client;

import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import io.vimap.protocol.GenericTypes;
import org.jspecify.annotations.Nullable;

/**
 * A method of a client that runs in the pool.
 *
 * @param method the method
 * @param id tells it from the other methods of the interface, the same in all processes
 * @param parameters the types of its parameters as the interface resolves them
 * @param result the type of its result, of the awaited one if it is asynchronous
 */
record ClientMethod(Method method, int id, List<Type> parameters, Type result) {

	static ClientMethod of(Class<?> client, Method method) {
		Class<?> declaring = method.getDeclaringClass();
		List<Type> parameters = Arrays.stream(method.getGenericParameterTypes())
			.map((type) -> GenericTypes.resolve(type, declaring, client))
			.toList();
		Type result = GenericTypes.resolve(method.getGenericReturnType(), declaring, client);
		if (isAsynchronous(method)) {
			result = (result instanceof ParameterizedType future) ? future.getActualTypeArguments()[0] : Object.class;
		}
		return new ClientMethod(method, signature(method).hashCode(), parameters, result);
	}

	/** The same for all methods that are one and the same to a caller. */
	static String signature(Method method) {
		return Arrays.stream(method.getParameterTypes())
			.map(Class::getName)
			.collect(Collectors.joining(",", method.getName() + "(", ")"));
	}

	private static boolean isAsynchronous(Method method) {
		return method.getReturnType() == CompletableFuture.class;
	}

	boolean isAsynchronous() {
		return isAsynchronous(this.method);
	}

	/** Whether a caller gets a future that is none of a pool's. */
	boolean returnsOtherFuture() {
		Class<?> type = this.method.getReturnType();
		return !isAsynchronous()
				&& (Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type));
	}

	/** Whether a caller gets a {@code Mono}, a {@code Flux} or the like. */
	boolean returnsPublisher() {
		Class<?> type = this.method.getReturnType();
		return Flow.Publisher.class.isAssignableFrom(type) || isReactive(type);
	}

	/** By name: Reactive Streams need not be on the class path. */
	private static boolean isReactive(@Nullable Class<?> type) {
		return type != null
				&& (type.getName().equals("org.reactivestreams.Publisher") || isReactive(type.getSuperclass())
						|| Arrays.stream(type.getInterfaces()).anyMatch(ClientMethod::isReactive));
	}

	/**
	 * Returns whether callers must reckon with an exception.
	 * @param thrown the exception
	 * @return whether the method declares its type
	 */
	boolean declares(Throwable thrown) {
		return Arrays.stream(this.method.getExceptionTypes()).anyMatch((type) -> type.isInstance(thrown));
	}

	String parameter(int index) {
		return "parameter '" + this.method.getParameters()[index].getName() + "' of " + this;
	}

	@Override
	public String toString() {
		return Arrays.stream(this.method.getParameterTypes())
			.map(Class::getSimpleName)
			.collect(Collectors.joining(", ",
					this.method.getDeclaringClass().getSimpleName() + "." + this.method.getName() + "(", ")"));
	}

}
