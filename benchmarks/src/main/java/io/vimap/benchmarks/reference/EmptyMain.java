package io.vimap.benchmarks.reference;

import java.io.IOException;

/**
 * Does nothing: the least that starting a JVM costs.
 */
public final class EmptyMain {

	private EmptyMain() {
	}

	public static void main(String[] args) {
	}

	/**
	 * Starts a JVM with this program and waits for its end.
	 * @return nanoseconds from start to end
	 * @throws IOException if it can't be started
	 * @throws InterruptedException if the thread is interrupted
	 */
	public static long time() throws IOException, InterruptedException {
		long begin = System.nanoTime();
		Process process = start();
		if (process.waitFor() != 0) {
			throw new IOException("an empty main ended with exit code " + process.exitValue());
		}
		return System.nanoTime() - begin;
	}

	/**
	 * Starts a JVM with this program.
	 * @return the process
	 * @throws IOException if it can't be started
	 */
	public static Process start() throws IOException {
		return new ProcessBuilder(JvmCommand.of(JvmCommand.LIKE_A_CHILD, EmptyMain.class))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
	}

}
