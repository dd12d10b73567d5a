package io.vimap.crash;

import java.util.concurrent.locks.LockSupport;

import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;

/**
 * A worker that sleeps, with or without heed to interrupts, if its input says so.
 */
final class Sleeper implements Worker<String, String> {

	/** Task thread only: whether cleanup takes for ever. */
	private boolean stubborn;

	@Override
	public void init(WorkerContext context) throws Exception {
		if (context.initArgs().get("init") != null) {
			Thread.sleep(600_000);
		}
		if (context.initArgs().get("cleanup") != null) {
			this.stubborn = true;
		}
	}

	@Override
	public String process(String input) throws Exception {
		return switch (input) {
			case "sleep" -> sleepHere(600_000);
			case "nap" -> sleepHere(150);
			case "stubborn" -> ignoreInterrupts();
			case "speechless" -> throw new SpeechlessException();
			case "loop" -> {
				Fault.LOOP.happen();
				yield "";
			}
			case "pid" -> String.valueOf(ProcessHandle.current().pid());
			default -> input;
		};
	}

	private static String sleepHere(long millis) throws InterruptedException {
		Thread.sleep(millis);
		return "slept";
	}

	private static String ignoreInterrupts() {
		while (ProcessHandle.current().isAlive()) {
			LockSupport.parkNanos(10_000_000);
			Thread.interrupted();
		}
		return "";
	}

	@Override
	public void cleanup() {
		if (this.stubborn) {
			ignoreInterrupts();
		}
	}

	/** Its message takes for ever. */
	private static final class SpeechlessException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		@Override
		public String getMessage() {
			return ignoreInterrupts();
		}

	}

}
