package io.vimap.boot.client;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * The methods of a client that run in the pool: those it leaves to be implemented.
 */
final class ClientInterface {

	private final Class<?> type;

	/** An inherited method may be there in several forms, all of them the same one. */
	private final Map<Method, ClientMethod> byMethod = new HashMap<>();

	private final Map<Integer, ClientMethod> byId = new HashMap<>();

	/**
	 * Reads an interface.
	 * @param type the interface
	 * @throws IllegalArgumentException if two of its methods can't be told apart
	 */
	ClientInterface(Class<?> type) {
		this.type = type;
		for (Method method : type.getMethods()) {
			if (Modifier.isAbstract(method.getModifiers()) && !isOfObject(method)) {
				add(method);
			}
		}
	}

	private static boolean isOfObject(Method method) {
		return ReflectionUtils.isObjectMethod(method);
	}

	private void add(Method method) {
		ClientMethod read = ClientMethod.of(this.type, method);
		ClientMethod known = this.byId.get(read.id());
		if (known != null && !ClientMethod.signature(known.method()).equals(ClientMethod.signature(method))) {
			throw new IllegalArgumentException(
					known + " and " + read + " happen to have the same hash code. Rename one of them.");
		}
		// Of several forms the one with the narrowest result is what all of them return.
		if (known == null || known.method().getReturnType().isAssignableFrom(method.getReturnType())) {
			this.byId.put(read.id(), read);
			this.byMethod.replaceAll((other, present) -> (present == known) ? read : present);
		}
		method.trySetAccessible();
		this.byMethod.put(method, this.byId.getOrDefault(read.id(), read));
	}

	Class<?> type() {
		return this.type;
	}

	Collection<ClientMethod> methods() {
		return this.byId.values();
	}

	/**
	 * Finds a method that was called.
	 * @param method the method
	 * @return what runs in the pool for it, {@code null} for a default method
	 */
	@Nullable ClientMethod find(Method method) {
		return this.byMethod.get(method);
	}

}
