package io.vimap.crash;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.vimap.LinuxProcess;
import org.awaitility.Awaitility;

/**
 * The ways in which user code goes wrong.
 */
public enum Fault {

	EXCEPTION {
		@Override
		void happen() {
			throw new IllegalStateException("went wrong");
		}
	},
	ERROR {
		@Override
		void happen() {
			throw new AssertionError("went wrong");
		}
	},
	EXIT {
		@Override
		void happen() {
			System.exit(5);
		}
	},
	HALT {
		@Override
		void happen() {
			Runtime.getRuntime().halt(6);
		}
	},
	KILL {
		@Override
		void happen() {
			signal("KILL", ProcessHandle.current().pid());
			LOOP.happen();
		}
	},
	/** The heap is really exhausted. */
	OUT_OF_MEMORY {
		@Override
		void happen() {
			List<long[]> hoard = new ArrayList<>();
			while (hoard.size() < Integer.MAX_VALUE) {
				hoard.add(new long[100_000]);
			}
		}
	},
	/** Somebody says that it is. */
	OUT_OF_MEMORY_THROWN {
		@Override
		void happen() {
			throw new OutOfMemoryError("went wrong");
		}
	},
	STACK_OVERFLOW {
		@Override
		void happen() {
			recurse(0);
		}
	},
	LOOP {
		@Override
		void happen() {
			long turns = 0;
			while (turns >= 0) {
				turns = (turns + 1) & 0xff;
			}
		}
	};

	abstract void happen();

	/** Whether the process survives it. */
	boolean isThrown() {
		return this == EXCEPTION || this == ERROR || this == STACK_OVERFLOW;
	}

	private static int recurse(int depth) {
		return recurse(depth + 1) + 1;
	}

	/** Sends SIGSTOP and waits until it has reached every thread: it takes its time. */
	static void stop(long pid) {
		signal("STOP", pid);
		Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> LinuxProcess.isStopped(pid));
	}

	static void signal(String name, long pid) {
		try {
			new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
