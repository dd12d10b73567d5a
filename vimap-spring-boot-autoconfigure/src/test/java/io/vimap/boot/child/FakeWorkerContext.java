package io.vimap.boot.child;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.vimap.worker.WorkerContext;

class FakeWorkerContext implements WorkerContext {

	final Map<String, Consumer<String>> signals = new HashMap<>();

	@Override
	public String pool() {
		return "tested";
	}

	@Override
	public int index() {
		return 1;
	}

	@Override
	public int incarnation() {
		return 2;
	}

	@Override
	public long pid() {
		return ProcessHandle.current().pid();
	}

	@Override
	public Map<String, Object> initArgs() {
		return Map.of();
	}

	@Override
	public <T> T initArgs(Class<T> type) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void onSignal(String topic, Consumer<String> listener) {
		this.signals.put(topic, listener);
	}

}
