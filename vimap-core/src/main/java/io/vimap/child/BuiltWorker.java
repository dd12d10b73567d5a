package io.vimap.child;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;

import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.DeclaredType;
import io.vimap.protocol.GenericTypes;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.PayloadCodecs;
import io.vimap.protocol.ValueCodec;
import io.vimap.protocol.Welcome;
import io.vimap.protocol.WorkerConstructor;
import io.vimap.worker.SerializableFunction;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A worker made from its definition, with the codecs of its types. Also made where no
 * child is: by a serial pool.
 *
 * @param worker the worker, not yet initialized
 * @param inputs decodes its inputs
 * @param outputs encodes its outputs
 */
public record BuiltWorker(Worker<@Nullable Object, @Nullable Object> worker, ValueCodec inputs, ValueCodec outputs) {

	/**
	 * Makes the worker.
	 * @param welcome its definition
	 * @param context given to factories, and the source of a constructor's init args
	 * @param loader loads its classes
	 * @return the worker with its codecs
	 * @throws Exception whatever the class, factory or constructor throws
	 */
	public static BuiltWorker build(Welcome welcome, ChildContext context, ClassLoader loader) throws Exception {
		PayloadCodec codec = PayloadCodecs.AUTO.equals(welcome.codec()) ? AutoCodec.ofTrustedPeer(loader)
				: PayloadCodecs.byName(welcome.codec(), loader);
		Type input = DeclaredType.decode(welcome.inputType(), loader);
		Type output = DeclaredType.decode(welcome.outputType(), loader);
		Object definition = definition(welcome, loader);
		if (definition instanceof Class<?> type) {
			Type[] arguments = GenericTypes.argumentsOf(type, Worker.class);
			return new BuiltWorker(instantiate(type, context),
					codec.forType(input.equals(AutoCodec.ERASED) ? arguments[0] : input),
					codec.forType(output.equals(AutoCodec.ERASED) ? arguments[1] : output));
		}
		return new BuiltWorker(fromSerialized(definition, context), codec.forType(input), codec.forType(output));
	}

	/** A class, a factory or a function. */
	private static Object definition(Welcome welcome, ClassLoader loader) throws IOException, ClassNotFoundException {
		try {
			return (welcome.kind() == Welcome.Kind.WORKER_CLASS)
					? Class.forName(new String(welcome.definition(), StandardCharsets.UTF_8), true, loader)
					: deserialize(welcome.definition(), loader);
		}
		catch (ClassNotFoundException ex) {
			throw new ClassNotFoundException(ex.getMessage() + " is not on the class path of the worker's process."
					+ " The pool's 'class-path', if set, is used in place of the application's."
					+ " 'java File.java' and JShell keep classes in memory: compile them.", ex);
		}
	}

	@SuppressWarnings("unchecked")
	private static Worker<@Nullable Object, @Nullable Object> instantiate(Class<?> type, ChildContext context)
			throws Exception {
		Constructor<?> chosen = WorkerConstructor.of(type, context.hasInitArgs());
		if (chosen == null) {
			throw new IllegalArgumentException("Worker class " + type.getName()
					+ " has no constructor without parameters and none with one parameter (the init args).");
		}
		chosen.setAccessible(true);
		try {
			return (Worker<@Nullable Object, @Nullable Object>) ((chosen.getParameterCount() == 0)
					? chosen.newInstance() : chosen.newInstance(context.initArgs(chosen.getParameterTypes()[0])));
		}
		catch (InvocationTargetException ex) {
			throw (ex.getCause() instanceof Exception cause) ? cause : ex;
		}
	}

	@SuppressWarnings("unchecked")
	private static Worker<@Nullable Object, @Nullable Object> fromSerialized(Object definition, ChildContext context)
			throws Exception {
		if (definition instanceof WorkerFactory<?, ?> factory) {
			return ((WorkerFactory<@Nullable Object, @Nullable Object>) factory).create(context);
		}
		SerializableFunction<@Nullable Object, @Nullable Object> function = (SerializableFunction<@Nullable Object, @Nullable Object>) definition;
		return function::apply;
	}

	private static Object deserialize(byte[] bytes, ClassLoader loader) throws IOException, ClassNotFoundException {
		// No filter: the bytes come from the parent, which could as well name a class.
		try (ObjectInputStream in = new LoaderObjectInputStream(new ByteArrayInputStream(bytes), loader)) {
			return in.readObject();
		}
	}

	private static final class LoaderObjectInputStream extends ObjectInputStream {

		private final ClassLoader loader;

		LoaderObjectInputStream(InputStream in, ClassLoader loader) throws IOException {
			super(in);
			this.loader = loader;
		}

		@Override
		protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
			try {
				return Class.forName(description.getName(), false, this.loader);
			}
			catch (ClassNotFoundException ex) {
				return super.resolveClass(description);
			}
		}

	}

}
