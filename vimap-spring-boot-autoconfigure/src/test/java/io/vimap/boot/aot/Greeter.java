package io.vimap.boot.aot;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

/**
 * A worker with init args and a bean of its own.
 */
@VimapWorker(value = "greeter", imports = Greeter.Punctuation.class)
class Greeter implements Worker<String, Greeter.Greeting> {

	private final Args args;

	private final Punctuation punctuation;

	Greeter(Args args, Punctuation punctuation) {
		this.args = args;
		this.punctuation = punctuation;
	}

	@Override
	public Greeting process(String name) {
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
