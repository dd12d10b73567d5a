package io.vimap.boot.test;

import io.vimap.boot.VimapClient;
import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
class Application {

	@VimapWorker("shout")
	static class Shout implements Worker<String, String> {

		private final String end;

		Shout(@Value("${shout.end:!}") String end) {
			this.end = end;
		}

		@Override
		public String process(String input) {
			return input.toUpperCase(java.util.Locale.ROOT) + this.end;
		}

	}

	@VimapClient("where")
	interface Where {

		long pid();

	}

	@VimapWorker("where")
	static class Here implements Where {

		@Override
		public long pid() {
			return ProcessHandle.current().pid();
		}

	}

}
