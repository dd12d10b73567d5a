package io.vimap.child;

import java.util.Map;
import java.util.function.Consumer;

import io.vimap.protocol.JsonInitArgs;
import io.vimap.protocol.Welcome;
import io.vimap.worker.WorkerContext;

/**
 * What the worker learns about itself.
 */
public final class ChildContext implements WorkerContext {

	/** Where the notices from the parent arrive. */
	@FunctionalInterface
	public interface Signals {

		/**
		 * Registers who hears a topic; the last notice is delivered at once.
		 * @param topic the topic
		 * @param listener who hears it
		 */
		void onSignal(String topic, Consumer<String> listener);

	}

	private final Welcome welcome;

	private final Signals signals;

	/**
	 * Creates the context of one worker.
	 * @param welcome what the parent says about the worker
	 * @param signals registers who hears the notices of a topic
	 */
	public ChildContext(Welcome welcome, Signals signals) {
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
		this.signals.onSignal(topic, listener);
	}

}
