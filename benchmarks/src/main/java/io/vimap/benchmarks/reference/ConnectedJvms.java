package io.vimap.benchmarks.reference;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * JVMs that have connected to this one by Unix sockets, and end when these are closed.
 */
final class ConnectedJvms implements AutoCloseable {

	private final List<Process> processes = new ArrayList<>();

	private final List<SocketChannel> channels = new ArrayList<>();

	/**
	 * Starts JVMs, all at a time, and waits for their connections.
	 * @param count how many
	 * @param program what they run; its argument is the socket
	 * @throws IOException if they can't be started
	 */
	ConnectedJvms(int count, Class<?> program) throws IOException {
		Path directory = Files.createTempDirectory("raw");
		Path socket = directory.resolve("s");
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(UnixDomainSocketAddress.of(socket), count);
			for (int i = 0; i < count; i++) {
				this.processes
					.add(new ProcessBuilder(JvmCommand.of(JvmCommand.LIKE_A_CHILD, program, socket.toString()))
						.redirectError(ProcessBuilder.Redirect.INHERIT)
						.start());
			}
			while (this.channels.size() < count) {
				this.channels.add(server.accept());
			}
		}
		finally {
			Files.deleteIfExists(socket);
			Files.delete(directory);
		}
	}

	/**
	 * Returns the connections.
	 * @return one for each JVM
	 */
	List<SocketChannel> channels() {
		return this.channels;
	}

	@Override
	public void close() throws IOException, InterruptedException {
		for (SocketChannel channel : this.channels) {
			channel.close();
		}
		for (Process process : this.processes) {
			process.waitFor();
		}
	}

}
