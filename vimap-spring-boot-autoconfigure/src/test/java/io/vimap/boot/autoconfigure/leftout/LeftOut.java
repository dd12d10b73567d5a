package io.vimap.boot.autoconfigure.leftout;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

import org.springframework.context.annotation.Profile;

@Profile("production")
@VimapWorker("left-out")
class LeftOut implements Worker<String, String> {

	@Override
	public String process(String input) {
		return input;
	}

}
