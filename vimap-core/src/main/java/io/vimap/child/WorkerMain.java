package io.vimap.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a child process. Learns on its standard input where to connect, says
 * HELLO and leaves the rest to its {@link TaskThread} and its {@link ControlThread}.
 */
public final class WorkerMain {

	private static final String GREETING = "vimap " + Frames.VERSION;

	private static final String PROVIDER_PROPERTY = "java.nio.channels.spi.SelectorProvider";

	private static final String LINUX_PROVIDER = "sun.nio.ch.EPollSelectorProvider";

	private WorkerMain() {
	}

	/**
	 * Runs the child until its parent stops it or is gone.
	 * @param args none
	 * @throws IOException if the parent can't be reached
	 * @throws InterruptedException never
	 */
	public static void main(String[] args) throws IOException, InterruptedException {
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String greeting = input.readLine();
		if (!GREETING.equals(greeting)) {
			System.err.println("This is the main class of a vimap child process, version " + Frames.VERSION
					+ ". It is started by a pool, which sends '" + GREETING + "' on its standard input; found: '"
					+ greeting + "'. If a pool did start it, two versions of vimap-core are on the class path.");
			System.exit(ExitGuard.WRONG_VERSION);
		}
		Path socket = Path.of(line(input, "the socket"));
		String token = line(input, "the token");
		Path outbox = Path.of(line(input, "the outbox"));
		System.setIn(InputStream.nullInputStream());
		ExitGuard.guard(Objects.requireNonNull(socket.getParent()));
		// Four things that take their time in a JVM that has just started, side by side.
		// Classes and not lambdas: the first lambda alone takes as long as one of them.
		OutboxThread outboxThread = new OutboxThread(outbox);
		outboxThread.start();
		Thread signals = new ExitGuard.SignalsThread();
		signals.start();
		new Rehearsal().start();
		SocketChannel channel = openChannel();
		channel.connect(UnixDomainSocketAddress.of(socket));
		Outgoing outgoing = new Outgoing(channel, outboxThread.awaitMap());
		PayloadBuffer hello = new PayloadBuffer(256);
		Frames.hello(hello, Frames.VERSION, token, ProcessHandle.current().pid());
		outgoing.append(hello);
		outgoing.flush();
		ControlFrames control = new ControlFrames(outgoing);
		Inbox inbox = new Inbox(channel, outgoing, control);
		TaskThread taskThread = new TaskThread(inbox, outgoing, control);
		ControlThread controlThread = new ControlThread(inbox, outgoing, taskThread);
		taskThread.setController(controlThread);
		Runtime.getRuntime().addShutdownHook(new ExitGuard.ExitingThread(outgoing));
		signals.join();
		taskThread.start();
		controlThread.start();
	}

	/**
	 * Opens the channel. The provider is named, where nobody else has done so, because
	 * the JDK would look for one in every jar of the class path, which can take longer
	 * than all else that happens here.
	 */
	private static SocketChannel openChannel() throws IOException {
		if (System.getProperty(PROVIDER_PROPERTY) != null || !isInJdk(LINUX_PROVIDER)) {
			return SocketChannel.open(StandardProtocolFamily.UNIX);
		}
		System.setProperty(PROVIDER_PROPERTY, LINUX_PROVIDER);
		try {
			return SocketChannel.open(StandardProtocolFamily.UNIX);
		}
		finally {
			System.clearProperty(PROVIDER_PROPERTY);
		}
	}

	private static boolean isInJdk(String name) {
		try {
			Class.forName(name, false, null);
			return true;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static String line(BufferedReader input, String what) throws IOException {
		@Nullable String line = input.readLine();
		if (line == null) {
			throw new IOException("standard input ended before the line with " + what);
		}
		return line;
	}

}
