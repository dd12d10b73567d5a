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

	private WorkerMain() {
	}

	/**
	 * Runs the child until its parent stops it or is gone.
	 * @param args none
	 * @throws IOException if the parent can't be reached
	 */
	public static void main(String[] args) throws IOException {
		ExitGuard.ignoreTerminalSignals();
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
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		channel.connect(UnixDomainSocketAddress.of(socket));
		Outgoing outgoing = new Outgoing(channel, outbox);
		PayloadBuffer hello = new PayloadBuffer(256);
		Frames.hello(hello, Frames.VERSION, token, ProcessHandle.current().pid());
		outgoing.append(hello);
		outgoing.flush();
		Inbox inbox = new Inbox(channel, outgoing);
		TaskThread taskThread = new TaskThread(inbox, outgoing);
		ControlThread controlThread = new ControlThread(inbox, outgoing, taskThread);
		taskThread.setController(controlThread);
		taskThread.start();
		controlThread.start();
	}

	private static String line(BufferedReader input, String what) throws IOException {
		@Nullable String line = input.readLine();
		if (line == null) {
			throw new IOException("standard input ended before the line with " + what);
		}
		return line;
	}

}
