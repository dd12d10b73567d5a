package io.vimap.boot.child;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.vimap.worker.WorkerContext;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * The engine's context, except that init args are bound as Spring Boot binds properties.
 */
final class SpringWorkerContext implements WorkerContext {

	private final WorkerContext context;

	private final Binder binder;

	SpringWorkerContext(WorkerContext context, Binder binder) {
		this.context = context;
		this.binder = binder;
	}

	@Override
	public String pool() {
		return this.context.pool();
	}

	@Override
	public int index() {
		return this.context.index();
	}

	@Override
	public int incarnation() {
		return this.context.incarnation();
	}

	@Override
	public long pid() {
		return this.context.pid();
	}

	@Override
	public Map<String, Object> initArgs() {
		Map<String, Object> args = this.binder
			.bind(ChildContextBuilder.ARGS_PREFIX, Bindable.mapOf(String.class, Object.class))
			.orElseGet(LinkedHashMap::new);
		args.replaceAll((name, value) -> withLists(value));
		return Collections.unmodifiableMap(args);
	}

	/**
	 * Where the type is not known, the binder makes a map of a list, with its indexes as
	 * keys.
	 */
	private static Object withLists(Object value) {
		if (!(value instanceof Map<?, ?> map)) {
			return value;
		}
		Map<String, Object> result = new LinkedHashMap<>();
		map.forEach((key, element) -> result.put(String.valueOf(key), withLists(element)));
		for (int i = 0; i < result.size(); i++) {
			if (!result.containsKey(Integer.toString(i))) {
				return result;
			}
		}
		return List.copyOf(result.values());
	}

	@Override
	public <T> T initArgs(Class<T> type) {
		try {
			return this.binder.bindOrCreate(ChildContextBuilder.ARGS_PREFIX, Bindable.of(type));
		}
		catch (BindException ex) {
			throw new IllegalArgumentException(
					"The init args of pool '" + pool() + "' don't fit " + type.getName() + ": " + ex.getMessage(), ex);
		}
	}

	@Override
	public void onSignal(String topic, Consumer<String> listener) {
		this.context.onSignal(topic, listener);
	}

}
