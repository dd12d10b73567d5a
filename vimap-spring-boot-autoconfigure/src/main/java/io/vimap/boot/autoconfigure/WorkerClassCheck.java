package io.vimap.boot.autoconfigure;

import java.lang.reflect.Modifier;

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
	 * @return {@code Worker<I, O>} as the class implements it
	 * @throws InvalidPoolException if the class can't be a worker
	 */
	ResolvableType check() {
		String name = this.worker.getName();
		if (!Worker.class.isAssignableFrom(this.worker)) {
			throw invalid(name + " is no worker.",
					"Let it implement io.vimap.worker.Worker<I, O>, or name another class.");
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
		return resolveTypes();
	}

	private boolean isInner() {
		return this.worker.isMemberClass() && !Modifier.isStatic(this.worker.getModifiers());
	}

	private ResolvableType resolveTypes() {
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
		return type;
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
