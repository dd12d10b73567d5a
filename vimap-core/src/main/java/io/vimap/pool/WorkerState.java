package io.vimap.pool;

/**
 * The life of one worker process.
 */
public enum WorkerState {

	/** The process has been asked for and has not connected yet. */
	LAUNCHING,

	/** Connected; the worker is being created and initialized. */
	HANDSHAKING,

	/** Takes tasks. */
	READY,

	/** Finishes what it holds and takes nothing new. */
	DRAINING,

	/** Asked to clean up and exit, or killed. */
	STOPPING,

	/** The process is gone and its output has been read to the end. */
	EXITED

}
