package io.vimap.benchmarks.reference;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * JVMs that sleep when a byte tells them to: how soon this machine can have woken all of
 * them twice.
 */
public final class RawSleep implements AutoCloseable {

	private final ConnectedJvms jvms;

	/**
	 * Starts JVMs.
	 * @param count how many
	 * @throws IOException if they can't be started
	 */
	public RawSleep(int count) throws IOException {
		this.jvms = new ConnectedJvms(count, RawSleepMain.class);
	}

	/**
	 * Makes all of them sleep at once. One thread suffices: while it writes, the others
	 * sleep already, and it reads their answers about in the order in which they come.
	 * @param millis how long, up to 255
	 * @return seconds from the first byte sent to the last one received
	 * @throws IOException if a JVM has ended
	 */
	public double seconds(int millis) throws IOException {
		ByteBuffer message = ByteBuffer.allocateDirect(1);
		long begin = System.nanoTime();
		for (SocketChannel channel : this.jvms.channels()) {
			channel.write(message.clear().put(0, (byte) millis));
		}
		for (SocketChannel channel : this.jvms.channels()) {
			if (channel.read(message.clear()) < 0) {
				throw new EOFException("the other JVM has ended");
			}
		}
		return (System.nanoTime() - begin) / 1e9;
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.jvms.close();
	}

}
