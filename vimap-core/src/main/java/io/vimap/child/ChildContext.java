package io.vimap.child;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.vimap.protocol.JsonInitArgs;
import io.vimap.protocol.Welcome;
import io.vimap.worker.WorkerContext;

/**
 * What the worker learns about itself.
 */
public final class ChildContext implements WorkerContext {

	private final Welcome welcome;

	private final BiConsumer<String, Consumer<String>> signals;

	/**
	 * Creates the context of one worker.
	 * @param welcome what the parent says about the worker
	 * @param signals registers who hears the notices of a topic
	 */
	public ChildContext(Welcome welcome, BiConsumer<String, Consumer<String>> signals) {
		this.welcome = welcome;
		this.signals = signals;
	}

	@Override
	public String pool() {
		return this.welcome.pool();
	}

	@Override
	public int index() {
		return this.welcome.index();
	}

	@Override
	public int incarnation() {
		return this.welcome.incarnation();
	}

	@Override
	public long pid() {
		return ProcessHandle.current().pid();
	}

	@Override
	public Map<String, Object> initArgs() {
		return hasInitArgs() ? JsonInitArgs.readMap(this.welcome.initArgs()) : Map.of();
	}

	@Override
	public <T> T initArgs(Class<T> type) {
		return JsonInitArgs.read(this.welcome.initArgs(), type, "worker " + index() + " of pool '" + pool() + "'");
	}

	boolean hasInitArgs() {
		return this.welcome.initArgs().length > 0;
	}

	@Override
	public void onSignal(String topic, Consumer<String> listener) {
		this.signals.accept(topic, listener);
	}

}
