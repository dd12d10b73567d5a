package io.vimap.launch;

/**
 * Receives the lines a child prints. Called on the threads that drain the child's pipes,
 * one for each of the two streams.
 */
@FunctionalInterface
public interface OutputListener {

	/**
	 * Takes one line.
	 * @param error whether it came from standard error
	 * @param line the line without its end, cut to 8,192 characters
	 */
	void onLine(boolean error, String line);

}
