package io.vimap.boot.greeting;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker with init args and a bean of its own.
 */
@VimapWorker(value = "greeter", imports = Greeter.Punctuation.class)
class Greeter implements Worker<String, Greeter.Greeting> {

	private static final Logger logger = LoggerFactory.getLogger(Greeter.class);

	private final Args args;

	private final Punctuation punctuation;

	Greeter(Args args, Punctuation punctuation) {
		this.args = args;
		this.punctuation = punctuation;
	}

	@Override
	public Greeting process(String name) {
		logger.info("greeting {}", name);
		return new Greeting(this.args.salutation() + " " + name + this.punctuation.end(),
				ProcessHandle.current().pid());
	}

	record Args(String salutation) {
	}

	record Greeting(String text, long pid) {
	}

	static class Punctuation {

		String end() {
			return "!";
		}

	}

}
