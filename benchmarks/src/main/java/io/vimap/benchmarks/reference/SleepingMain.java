package io.vimap.benchmarks.reference;

import java.io.IOException;
import java.util.List;

/**
 * Waits for the end of its input: what an idle JVM costs that has nothing to do at all.
 */
public final class SleepingMain {

	private SleepingMain() {
	}

	public static void main(String[] args) throws IOException {
		while (System.in.read() >= 0) {
			continue;
		}
	}

	/**
	 * Starts a JVM with this program, which ends when its standard input is closed.
	 * @param options options of the JVM
	 * @return the process
	 * @throws IOException if it can't be started
	 */
	public static Process start(List<String> options) throws IOException {
		return new ProcessBuilder(JvmCommand.of(options, SleepingMain.class))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

}
