package io.vimap.benchmarks.reference;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Sends back whatever arrives, with nothing in between: the physical limit for a child.
 */
public final class RawEchoMain {

	private RawEchoMain() {
	}

	public static void main(String[] args) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
			while (channel.read(buffer) >= 0) {
				buffer.flip();
				while (buffer.hasRemaining()) {
					channel.write(buffer);
				}
				buffer.clear();
			}
		}
	}

}
