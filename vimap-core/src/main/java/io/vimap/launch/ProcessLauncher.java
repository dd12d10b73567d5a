package io.vimap.launch;

import java.io.IOException;

/**
 * Starts child processes. The seam between supervision and the operating system: knows
 * nothing of sockets, frames or tasks.
 */
public interface ProcessLauncher extends AutoCloseable {

	/**
	 * Starts one process and returns without waiting for it to do anything.
	 * @param request what to start
	 * @return the running process
	 * @throws UnusableCommandException if it can't be started, now or later, because of
	 * the settings
	 * @throws IOException if the operating system can't start it; the message names the
	 * command and the cause
	 */
	ChildProcess launch(LaunchRequest request) throws IOException;

	/**
	 * Removes the files this launcher made for its children, and waits until nothing that
	 * they left runs any more. Called when all of them have ended.
	 */
	@Override
	void close();

}
