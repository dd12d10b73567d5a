package io.vimap.boot.child;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.vimap.worker.Worker;
import io.vimap.worker.WorkerFactory;

import org.springframework.core.env.StandardEnvironment;

/**
 * Creates workers as a child does: with a factory that has travelled, and the properties
 * of a parent.
 */
final class SpringWorkers {

	private SpringWorkers() {
	}

	/** Creates a worker whose parent has no properties. */
	static Worker<String, String> create(Class<?> worker, Class<?>... imports) throws Exception {
		return create(new StandardEnvironment(), Map.of(), worker, imports);
	}

	/** Creates a worker with the properties of its parent. */
	@SuppressWarnings("unchecked")
	static Worker<String, String> create(StandardEnvironment parent, Map<String, String> initArgs, Class<?> worker,
			Class<?>... imports) throws Exception {
		SpringWorkerFactory<String, String> factory = SpringWorkerFactory.of(worker.getName(),
				Stream.of(imports).map(Class::getName).toList(), List.of("com.example"), ResolvedProperties.of(parent),
				initArgs, null);
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(factory);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			return ((WorkerFactory<String, String>) in.readObject()).create(new FakeWorkerContext());
		}
	}

}
