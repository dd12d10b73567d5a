package io.vimap.supervision;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import io.vimap.protocol.DeclaredType;
import io.vimap.protocol.JsonInitArgs;
import io.vimap.protocol.Welcome;
import io.vimap.protocol.WorkerConstructor;
import io.vimap.worker.SerializableFunction;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerFactory;
import io.vimap.worker.WorkerSpec;

/**
 * A worker spec in the form in which it travels, made and checked once per pool.
 *
 * @param kind what the child creates its worker from
 * @param definition a class name, or a serialized object
 * @param initArgs the init args as JSON, empty for none
 * @param inputType the declared input type as bytes
 * @param outputType the declared output type as bytes
 */
public record WorkerDefinition(Welcome.Kind kind, byte[] definition, byte[] initArgs, byte[] inputType,
		byte[] outputType) {

	/**
	 * Turns a spec into its travelling form.
	 * @param spec the spec
	 * @param pool the pool, for messages
	 * @return the definition
	 * @throws IllegalArgumentException if the class can't be instantiated by a child, or
	 * the factory or the init args can't be serialized, or init args of a map have a name
	 * that the class does not know; the message says which and why
	 */
	public static WorkerDefinition of(WorkerSpec<?, ?> spec, String pool) {
		Serializable definition = spec.definition();
		byte[] bytes;
		Welcome.Kind kind;
		if (definition instanceof Class<?> type) {
			kind = Welcome.Kind.WORKER_CLASS;
			bytes = checked(type, pool).getName().getBytes(StandardCharsets.UTF_8);
		}
		else {
			kind = (definition instanceof WorkerFactory) ? Welcome.Kind.FACTORY : Welcome.Kind.FUNCTION;
			if (kind == Welcome.Kind.FUNCTION && !(definition instanceof SerializableFunction)) {
				throw new IllegalArgumentException("Unknown worker definition " + definition.getClass().getName());
			}
			bytes = serialized(definition, pool);
		}
		byte[] initArgs = JsonInitArgs.write(spec.initArgs(), "pool '" + pool + "'");
		// A record or a bean has the names it has, for more than one worker perhaps
		if (definition instanceof Class<?> type && spec.initArgs() instanceof Map && initArgs.length > 0) {
			checkNames(type, initArgs, pool);
		}
		return new WorkerDefinition(kind, bytes, initArgs, DeclaredType.encode(spec.inputType()),
				DeclaredType.encode(spec.outputType()));
	}

	private static Class<?> checked(Class<?> type, String pool) {
		String problem = null;
		if (!Worker.class.isAssignableFrom(type)) {
			problem = "does not implement " + Worker.class.getName();
		}
		else if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
			problem = "is abstract: a child can't instantiate it";
		}
		else if (type.isAnonymousClass() || type.isLocalClass()
				|| type.isMemberClass() && !Modifier.isStatic(type.getModifiers())) {
			problem = "is an inner class, whose enclosing instance does not exist in the child: make it static";
		}
		else if (!hasUsableConstructor(type)) {
			problem = "has no constructor without parameters and none with one parameter (the init args)";
		}
		if (problem != null) {
			throw new IllegalArgumentException(
					"Worker class " + type.getName() + " of pool '" + pool + "' " + problem + ".");
		}
		return type;
	}

	private static void checkNames(Class<?> type, byte[] initArgs, String pool) {
		Constructor<?> constructor;
		try {
			constructor = WorkerConstructor.of(type, true);
		}
		catch (LinkageError ex) {
			// As below
			return;
		}
		if (constructor != null && constructor.getParameterCount() == 1) {
			JsonInitArgs.checkNames(initArgs, constructor.getParameterTypes()[0],
					"worker " + type.getName() + " of pool '" + pool + "'");
		}
	}

	private static boolean hasUsableConstructor(Class<?> type) {
		try {
			return WorkerConstructor.of(type, true) != null;
		}
		catch (LinkageError ex) {
			// Some class is missing here. The child may have it.
			return true;
		}
	}

	private static byte[] serialized(Serializable definition, String pool) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(definition);
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("The worker factory or function of pool '" + pool
					+ "' can't be serialized: " + ex + ". It may capture only serializable values; build all else"
					+ " inside of it, where it runs in the child. A lambda that uses a field or a method of the object"
					+ " around it captures that object.", ex);
		}
		return bytes.toByteArray();
	}

}
