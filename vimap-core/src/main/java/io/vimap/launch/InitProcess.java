package io.vimap.launch;

import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process with the number 1, which a container's command is. Every process whose own
 * parent has ended becomes its child, and stays as a zombie unless it is waited for,
 * which a JVM does for those only that it has started itself.
 */
final class InitProcess {

	private static final Logger logger = LoggerFactory.getLogger(InitProcess.class);

	private static final long NUMBER = 1;

	/** Whether the user has been told. Any thread. */
	private static final AtomicBoolean warned = new AtomicBoolean();

	private InitProcess() {
	}

	/**
	 * Warns, once, if this JVM is that process.
	 * @param pid the number of this process
	 */
	static void warnIf(long pid) {
		if (pid == NUMBER && warned.compareAndSet(false, true)) {
			logger
				.warn("This JVM runs as process 1. What the children of its pools start and leave behind is killed, but"
						+ " stays as a zombie, because a JVM is no init process. Put one before it: docker run --init,"
						+ " shareProcessNamespace in Kubernetes, or tini as the image's entry point.");
		}
	}

}
