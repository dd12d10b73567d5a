package io.vimap.boot.autoconfigure.workers;

import java.util.Locale;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

@VimapWorker("upper")
class Upper implements Worker<String, String> {

	static {
		// Nothing that happens in the parent may initialize a worker class.
		System.setProperty("upper.initialized", "true");
	}

	@Override
	public String process(String input) {
		return input.toUpperCase(Locale.ROOT);
	}

}
