package io.vimap.child;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;

import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PoolDirectory;
import org.jspecify.annotations.Nullable;

/**
 * How the child ends when it is not asked to, and what must not end it.
 */
final class ExitGuard {

	/** The task thread has ended although it never should. */
	static final int BROKEN = 70;

	/** The parent is gone. */
	private static final int PARENT_GONE = 75;

	/** The parent broke the protocol. */
	static final int PROTOCOL_BROKEN = 76;

	/** Parent and child are of different versions. */
	static final int WRONG_VERSION = 78;

	/** The heap is exhausted; the code the JVM itself uses. */
	static final int OUT_OF_MEMORY = 3;

	private static final long MOST_REMOVAL_MILLIS = 300;

	private static final int REMOVAL_TRIES = 10;

	private static final long REMOVAL_PAUSE_MILLIS = 10;

	/** Written once, before there is anybody who reads it. */
	private static volatile @Nullable Path poolDirectory;

	private ExitGuard() {
	}

	/**
	 * Ignores SIGINT, SIGTERM and SIGHUP: Ctrl-C and service managers send them to the
	 * whole process group, but it is the parent who decides when a child stops.
	 */
	private static void ignoreTerminalSignals() {
		for (String name : new String[] { "INT", "TERM", "HUP" }) {
			try {
				// By reflection: the class is not part of the Java API, and the compiler
				// can't be told that we know.
				Class<?> signalType = Class.forName("sun.misc.Signal");
				Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
				Method handle = signalType.getMethod("handle", signalType, handlerType);
				handle.invoke(null, signalType.getConstructor(String.class).newInstance(name),
						handlerType.getField("SIG_IGN").get(null));
			}
			catch (ClassNotFoundException ex) {
				System.err.println("vimap: SIGINT, SIGTERM and SIGHUP are not ignored, since this Java lacks a module:"
						+ " make its runtime image with it (jlink --add-modules jdk.unsupported,…)");
				return;
			}
			catch (ReflectiveOperationException | RuntimeException ex) {
				// A platform without this signal: then nobody sends it.
				Throwable cause = (ex instanceof InvocationTargetException && ex.getCause() != null) ? ex.getCause()
						: ex;
				if (!(cause instanceof IllegalArgumentException)) {
					System.err.println("vimap: SIG" + name + " is not ignored: " + cause);
				}
			}
		}
	}

	/**
	 * Says what to remove if the parent goes without having done so itself.
	 * @param directory the pool's directory
	 */
	static void guard(Path directory) {
		poolDirectory = directory;
	}

	/**
	 * Ends this process and its descendants because the parent is gone. If it died, its
	 * pool's directory goes too.
	 */
	static void parentGone() {
		try {
			killDescendants();
			// In a thread, because nothing that happens there may hold the end up.
			Thread remover = new Thread(ExitGuard::removeDirectory, "vimap-remover");
			remover.setDaemon(true);
			remover.start();
			remover.join(MOST_REMOVAL_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			Runtime.getRuntime().halt(PARENT_GONE);
		}
	}

	private static void removeDirectory() {
		Path path = poolDirectory;
		if (path == null) {
			return;
		}
		PoolDirectory directory = new PoolDirectory(path);
		try {
			// Of a dying process, one socket is closed before the other.
			for (int i = 0; i < REMOVAL_TRIES && !directory.deleteIfOrphaned(); i++) {
				Thread.sleep(REMOVAL_PAUSE_MILLIS);
			}
		}
		catch (IOException | InterruptedException ex) {
			// The next pool will remove it.
		}
	}

	private static void killDescendants() {
		ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
	}

	/**
	 * Ends this process and its descendants at once, without shutdown hooks: user code
	 * may hang, and nobody is left to care.
	 * @param code the exit code
	 */
	static void halt(int code) {
		try {
			killDescendants();
		}
		finally {
			Runtime.getRuntime().halt(code);
		}
	}

	/**
	 * Ends this process because the parent broke the protocol.
	 * @param message what it did
	 */
	static void protocolBroken(String message) {
		System.err.println("vimap: the parent broke the protocol: " + message);
		System.err.flush();
		halt(PROTOCOL_BROKEN);
	}

	/**
	 * The shutdown hook that tells the parent of a {@link System#exit}, beside the
	 * others: one of those may never end, and with it the process. The parent sees to
	 * that.
	 */
	static final class ExitingThread extends Thread {

		private final Outgoing outgoing;

		ExitingThread(Outgoing outgoing) {
			super(null, null, "vimap-exiting", 256 * 1024);
			this.outgoing = outgoing;
		}

		@Override
		public void run() {
			PayloadBuffer out = new PayloadBuffer(16);
			Frames.bare(out, FrameType.EXITING);
			try {
				this.outgoing.append(out);
				this.outgoing.flush();
			}
			catch (IOException ex) {
				// The parent is gone, which is noticed where its frames are read.
			}
		}

	}

	/**
	 * Ignores the signals beside the other preparations: reflection takes its time in a
	 * JVM that has just started.
	 */
	static final class SignalsThread extends Thread {

		SignalsThread() {
			super(null, null, "vimap-signals", 256 * 1024);
			setDaemon(true);
		}

		@Override
		public void run() {
			ignoreTerminalSignals();
		}

	}

}
