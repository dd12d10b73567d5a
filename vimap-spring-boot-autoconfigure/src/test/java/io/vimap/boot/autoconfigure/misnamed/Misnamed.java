package io.vimap.boot.autoconfigure.misnamed;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

@VimapWorker("Bad_Name")
class Misnamed implements Worker<String, String> {

	@Override
	public String process(String input) {
		return input;
	}

}
