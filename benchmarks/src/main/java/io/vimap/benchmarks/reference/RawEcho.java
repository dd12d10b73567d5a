package io.vimap.benchmarks.reference;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.vimap.benchmarks.Samples;

/**
 * JVMs that echo bytes over Unix sockets: what the operating system allows, without
 * frames, tasks, codecs or supervision.
 */
public final class RawEcho implements AutoCloseable {

	private static final int BLOCK = 256 * 1024;

	private final ConnectedJvms jvms;

	/** What a thread has met that sends or reads. */
	private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();

	/**
	 * Starts JVMs.
	 * @param count how many
	 * @throws IOException if they can't be started
	 */
	public RawEcho(int count) throws IOException {
		this.jvms = new ConnectedJvms(count, RawEchoMain.class);
	}

	/**
	 * Measures round trips to the first JVM, one after the other.
	 * @param count how many
	 * @param size bytes of a message
	 * @return nanoseconds of each
	 * @throws IOException if one fails
	 */
	public Samples roundTrips(int count, int size) throws IOException {
		SocketChannel channel = this.jvms.channels().get(0);
		ByteBuffer message = ByteBuffer.allocateDirect(size);
		Samples samples = new Samples();
		for (int i = 0; i < count; i++) {
			long begin = System.nanoTime();
			message.clear();
			channel.write(message);
			message.clear();
			while (message.hasRemaining()) {
				if (channel.read(message) < 0) {
					throw new EOFException("the other JVM has ended");
				}
			}
			samples.add((double) (System.nanoTime() - begin));
		}
		return samples;
	}

	/**
	 * Sends bytes through all JVMs at once, as many as their sockets take.
	 * @param bytes how many altogether
	 * @return bytes per second, counted once although they come back
	 * @throws IOException if a JVM has ended
	 * @throws InterruptedException if the thread is interrupted
	 */
	public double bytesPerSecond(long bytes) throws IOException, InterruptedException {
		List<SocketChannel> channels = this.jvms.channels();
		long each = bytes / channels.size();
		List<Thread> threads = new ArrayList<>();
		long begin = System.nanoTime();
		for (SocketChannel channel : channels) {
			threads.add(start(() -> write(channel, each)));
			threads.add(start(() -> read(channel, each)));
		}
		for (Thread thread : threads) {
			thread.join();
		}
		IOException failure = this.failures.poll();
		if (failure != null) {
			throw failure;
		}
		return each * channels.size() * 1e9 / (System.nanoTime() - begin);
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task, "raw-echo");
		thread.start();
		return thread;
	}

	private void write(SocketChannel channel, long bytes) {
		ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
		long left = bytes;
		try {
			while (left > 0) {
				block.clear().limit((int) Math.min(BLOCK, left));
				left -= channel.write(block);
			}
		}
		catch (IOException ex) {
			this.failures.add(ex);
		}
	}

	private void read(SocketChannel channel, long bytes) {
		ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
		long left = bytes;
		try {
			while (left > 0) {
				block.clear().limit((int) Math.min(BLOCK, left));
				int count = channel.read(block);
				if (count < 0) {
					throw new EOFException("the other JVM has ended");
				}
				left -= count;
			}
		}
		catch (IOException ex) {
			this.failures.add(ex);
		}
	}

	@Override
	public void close() throws IOException, InterruptedException {
		this.jvms.close();
	}

}
