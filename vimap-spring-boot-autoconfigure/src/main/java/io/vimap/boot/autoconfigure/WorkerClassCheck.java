package io.vimap.boot.autoconfigure;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.worker.Worker;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Component;

/**
 * Refuses classes that can't be the worker of a pool, before a process is forked for
 * them. Never initializes or instantiates them.
 */
final class WorkerClassCheck {

	private final String pool;

	private final Class<?> worker;

	/** What named the class; {@code null} if it was found by its annotation. */
	private final @Nullable Property property;

	WorkerClassCheck(String pool, Class<?> worker, @Nullable Property property) {
		this.pool = pool;
		this.worker = worker;
		this.property = property;
	}

	/**
	 * Checks the class.
	 * @return what the class says about the pool
	 * @throws InvalidPoolException if the class can't be a worker
	 */
	PoolTypes check() {
		String name = this.worker.getName();
		boolean isWorker = Worker.class.isAssignableFrom(this.worker);
		if (!isWorker) {
			checkClient();
		}
		if (this.worker.isInterface() || Modifier.isAbstract(this.worker.getModifiers())) {
			throw invalid(
					name + " is " + (this.worker.isInterface() ? "an interface" : "abstract")
							+ " and can't be instantiated in a worker process.",
					"Name a concrete class that implements it.");
		}
		if (this.worker.isLocalClass() || this.worker.isAnonymousClass() || isInner()) {
			throw invalid(name + " is an inner class: it can't exist without an instance of the class around it.",
					"Make it static or a class of its own.");
		}
		if (AnnotatedElementUtils.hasAnnotation(this.worker, Component.class)) {
			throw invalid(name + " is a @Component: it would be instantiated in this process too.",
					"Remove the annotation. @VimapWorker is enough for the class to be found; it is a bean in its worker "
							+ "process only.");
		}
		if (isWorker) {
			checkTypes();
		}
		return PoolTypes.of(this.pool, this.worker);
	}

	private void checkClient() {
		Set<Class<?>> clients = PoolTypes.clients(this.worker);
		if (clients.isEmpty()) {
			throw invalid(this.worker.getName() + " is no worker.",
					"Let it implement io.vimap.worker.Worker<I, O> or an interface with @VimapClient(\"" + this.pool
							+ "\"), or name another class.");
		}
		List<String> own = clients.stream()
			.filter((client) -> PoolTypes.clientPool(client).equals(this.pool))
			.map(Class::getName)
			.toList();
		if (own.isEmpty()) {
			throw invalid(
					clients.stream()
						.map((client) -> client.getName() + ", which " + this.worker.getName()
								+ " implements, is the client of the pool '" + PoolTypes.clientPool(client) + "'.")
						.collect(Collectors.joining(" ")),
					"Correct the name in @VimapClient or @VimapWorker: both name the same pool.");
		}
		if (own.size() > 1) {
			throw invalid(
					this.worker.getName() + " implements " + own.size() + " interfaces with @VimapClient(\"" + this.pool
							+ "\"): " + String.join(", ", own) + ".",
					"A pool has one client: let it extend the other interfaces, without their annotations.");
		}
	}

	private boolean isInner() {
		return this.worker.isMemberClass() && !Modifier.isStatic(this.worker.getModifiers());
	}

	private void checkTypes() {
		ResolvableType type = ResolvableType.forClass(this.worker).as(Worker.class);
		String[] roles = { "input", "output" };
		for (int i = 0; i < roles.length; i++) {
			if (!isResolved(type.getGeneric(i))) {
				throw invalid(
						"the type of an " + roles[i] + " of " + this.worker.getName()
								+ " can't be resolved; it is declared as '" + type.getGeneric(i).getType() + "'.",
						"Let the class, or a subclass of it, implement Worker<I, O> with types in place of type "
								+ "variables, such as Worker<String, Integer>.");
			}
		}
	}

	private static boolean isResolved(ResolvableType type) {
		if (type.isArray()) {
			return isResolved(type.getComponentType());
		}
		if (type.resolve() == null) {
			return false;
		}
		for (ResolvableType generic : type.getGenerics()) {
			if (!isResolved(generic)) {
				return false;
			}
		}
		return true;
	}

	private InvalidPoolException invalid(String problem, String action) {
		return new InvalidPoolException(this.pool, problem, action, this.property, null);
	}

}
