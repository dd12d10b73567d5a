package io.vimap.benchmarks.reference;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * Sends back each byte, after as many milliseconds as it says.
 */
public final class RawSleepMain {

	private RawSleepMain() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		ByteBuffer message = ByteBuffer.allocateDirect(1);
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
			while (channel.read(message) >= 0) {
				Thread.sleep(Byte.toUnsignedInt(message.get(0)));
				channel.write(message.flip());
				message.clear();
			}
		}
	}

}
