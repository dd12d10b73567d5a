package io.vimap.boot.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;

import io.vimap.boot.VimapClient;
import io.vimap.boot.client.ClientCall;
import io.vimap.worker.Worker;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * What a worker class says about its pool: the types of a {@link Worker}, or the client
 * that it implements.
 *
 * @param input the type of an input
 * @param output the type of an output
 * @param client the client of the pool; {@code null} if the class is a {@link Worker}
 */
record PoolTypes(ResolvableType input, ResolvableType output, @Nullable Class<?> client) {

	/**
	 * Reads a worker class, which is neither initialized nor instantiated.
	 * @param pool the pool's name
	 * @param worker the class, which has passed {@link WorkerClassCheck}
	 * @return the types
	 */
	static PoolTypes of(String pool, Class<?> worker) {
		if (Worker.class.isAssignableFrom(worker)) {
			ResolvableType type = ResolvableType.forClass(worker).as(Worker.class);
			return new PoolTypes(type.getGeneric(0), type.getGeneric(1), null);
		}
		Class<?> client = clients(worker).stream()
			.filter((type) -> clientPool(type).equals(pool))
			.findFirst()
			.orElseThrow();
		return new PoolTypes(ResolvableType.forClassWithGenerics(ClientCall.class, client),
				ResolvableType.forClass(Object.class), client);
	}

	/**
	 * Finds the clients that a class implements.
	 * @param type the class
	 * @return its interfaces that have {@link VimapClient @VimapClient}
	 */
	static Set<Class<?>> clients(Class<?> type) {
		Set<Class<?>> found = new LinkedHashSet<>();
		if (type.isInterface() && type.isAnnotationPresent(VimapClient.class)) {
			found.add(type);
		}
		for (Class<?> implemented : type.getInterfaces()) {
			found.addAll(clients(implemented));
		}
		if (type.getSuperclass() != null) {
			found.addAll(clients(type.getSuperclass()));
		}
		return found;
	}

	/**
	 * Returns the name of the pool that runs a client.
	 * @param client an interface that has {@link VimapClient @VimapClient}
	 * @return the pool's name
	 */
	static String clientPool(Class<?> client) {
		VimapClient annotation = client.getAnnotation(VimapClient.class);
		return (annotation != null) ? annotation.value() : "";
	}

}
