package io.vimap.boot.autoconfigure.twins;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

@VimapWorker("twin")
class One implements Worker<String, String> {

	@Override
	public String process(String input) {
		return input;
	}

}

@VimapWorker("twin")
class Other extends One {

}
