package io.vimap.child;

import java.util.Map;
import java.util.function.Consumer;

import io.vimap.protocol.JsonInitArgs;
import io.vimap.protocol.Welcome;
import io.vimap.worker.WorkerContext;

/**
 * What the worker learns about itself.
 */
final class ChildContext implements WorkerContext {

	private final Welcome welcome;

	private final Inbox inbox;

	ChildContext(Welcome welcome, Inbox inbox) {
		this.welcome = welcome;
		this.inbox = inbox;
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
		this.inbox.onSignal(topic, listener);
	}

}
