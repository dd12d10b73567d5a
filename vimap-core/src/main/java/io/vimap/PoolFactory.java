package io.vimap;

import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import io.vimap.dispatch.ForkedPool;
import io.vimap.launch.JvmLauncher;
import io.vimap.launch.JvmSettings;
import io.vimap.pool.ClassArchiveMode;
import io.vimap.pool.OutputMode;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.GenericTypes;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.PayloadCodecs;
import io.vimap.protocol.ValueCodec;
import io.vimap.serial.SerialPool;
import io.vimap.supervision.PoolControl;
import io.vimap.supervision.PoolThreads;
import io.vimap.supervision.WorkerDefinition;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * Puts a pool together: checks the specs, finds the types, chooses codecs and launcher.
 */
final class PoolFactory {

	private PoolFactory() {
	}

	static <I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> create(
			List<WorkerSpec<I, O>> workers, PoolOptions options) {
		ClassLoader context = Thread.currentThread().getContextClassLoader();
		ClassLoader loader = (context != null) ? context : PoolFactory.class.getClassLoader();
		IdentityHashMap<WorkerSpec<I, O>, WorkerDefinition> known = new IdentityHashMap<>();
		List<WorkerDefinition> definitions = new ArrayList<>(workers.size());
		for (WorkerSpec<I, O> worker : workers) {
			definitions.add(known.computeIfAbsent(worker, (spec) -> WorkerDefinition.of(spec, options.name())));
		}
		PayloadCodec codec = PayloadCodecs.byName(options.codec(), loader);
		Type[] types = types(workers.get(0));
		for (WorkerSpec<I, O> worker : workers) {
			Type[] others = types(worker);
			if (!types[0].equals(others[0]) || !types[1].equals(others[1])) {
				throw new IllegalArgumentException(
						"The workers of pool '" + options.name() + "' differ in their types: " + describe(types)
								+ " and " + describe(others) + ". Allowed: the same types for all of them.");
			}
		}
		ValueCodec inputs = values(codec, types[0], "input", options);
		ValueCodec outputs = values(codec, types[1], "output", options);
		if (options.mode() == PoolMode.SERIAL) {
			return new SerialPool<>(options, definitions, inputs, outputs, loader);
		}
		PoolThreads threads = new PoolThreads(options.name());
		return new ForkedPool<>(options, inputs, outputs, threads,
				(listener, status) -> new PoolControl(options, definitions, threads,
						(directory) -> new JvmLauncher(settings(options, directory, workers.get(0))), listener,
						status));
	}

	/** Refuses here, not with the first value, what can't be read or written. */
	private static ValueCodec values(PayloadCodec codec, Type type, String what, PoolOptions options) {
		try {
			return (codec instanceof AutoCodec auto) ? auto.prepare(type) : codec.forType(type);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("The " + what + " of pool '" + options.name() + "': " + ex.getMessage(),
					ex);
		}
	}

	private static String describe(Type[] types) {
		return "<" + types[0].getTypeName() + ", " + types[1].getTypeName() + ">";
	}

	private static Type[] types(WorkerSpec<?, ?> spec) {
		Type input = spec.inputType();
		Type output = spec.outputType();
		if (input != null && output != null) {
			return new Type[] { input, output };
		}
		if (spec.definition() instanceof Class<?> type) {
			return GenericTypes.argumentsOf(type, Worker.class);
		}
		return new Type[] { AutoCodec.ERASED, AutoCodec.ERASED };
	}

	private static JvmSettings settings(PoolOptions options, Path directory, WorkerSpec<?, ?> worker) {
		return new JvmSettings(directory, options.javaHome(), options.classPath(), options.jvmArgs(),
				options.environment(), options.workingDirectory(), options.commandPrefix(),
				options.output() == OutputMode.INHERIT, options.classArchive() == ClassArchiveMode.AUTO,
				options.name() + " " + nameOf(worker.definition()));
	}

	/** The same in each run: the JVM numbers the classes it makes of lambdas. */
	private static String nameOf(Object definition) {
		String name = (definition instanceof Class<?> type) ? type.getName() : definition.getClass().getName();
		int lambda = name.indexOf("$$Lambda");
		return (lambda >= 0) ? name.substring(0, lambda) : name;
	}

}
