package io.vimap.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains one stream of a child for as long as it is open, so that the child never waits
 * for a reader, and cuts it into lines. What the child prints never grows here: a line is
 * cut, the listener sees no more than {@link OutputLimit} admits, and the rest is
 * counted.
 * <p>
 * One daemon thread of its own; all fields without a note are final, and all others are
 * that thread's.
 */
final class OutputPump implements Runnable {

	/** Characters of a line that are kept. */
	static final int MAX_LINE_LENGTH = 8_192;

	/** Enough for a logger with its appenders, a quarter of the usual. */
	private static final long STACK_SIZE = 256 * 1024;

	/** No encoding in use needs more bytes for one {@code char}. */
	private static final int MAX_LINE_BYTES = MAX_LINE_LENGTH * 4;

	private static final int READ_SIZE = 16 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(OutputPump.class);

	private final String name;

	private final InputStream stream;

	private final boolean error;

	private final Charset charset;

	private final OutputListener listener;

	private final OutputLimit limit;

	private final @Nullable LastLines lastLines;

	private final @Nullable PrintStream copy;

	private final CountDownLatch ended = new CountDownLatch(1);

	/** The bytes of the line that has not ended yet. Pump thread only. */
	private byte[] line = new byte[256];

	/** How many of them there are. Pump thread only. */
	private int length;

	/** Whether the listener's first exception has been logged. Pump thread only. */
	private boolean listenerFailed;

	/**
	 * Creates a pump for a stream.
	 * @param name the name of its thread
	 * @param stream the stream to drain
	 * @param error whether it is standard error
	 * @param sink what to do with the lines
	 */
	OutputPump(String name, InputStream stream, boolean error, Sink sink) {
		this.name = name;
		this.stream = stream;
		this.error = error;
		this.charset = sink.charset();
		this.listener = sink.listener();
		this.limit = sink.limit();
		this.lastLines = sink.lastLines();
		this.copy = sink.copy();
	}

	/**
	 * Starts the thread.
	 */
	void start() {
		Thread thread = new Thread(null, this, this.name, STACK_SIZE);
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Waits for the end of the stream.
	 * @param nanos how long to wait
	 * @return whether the end has been reached
	 * @throws InterruptedException if the waiting thread is interrupted
	 */
	boolean awaitEnd(long nanos) throws InterruptedException {
		return this.ended.await(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void run() {
		try {
			byte[] buffer = new byte[READ_SIZE];
			int count = this.stream.read(buffer);
			while (count >= 0) {
				if (this.copy != null) {
					this.copy.write(buffer, 0, count);
					this.copy.flush();
				}
				split(buffer, count);
				count = this.stream.read(buffer);
			}
		}
		catch (IOException ex) {
			// The stream is closed under us when the process has ended: the same as its
			// end.
			logger.debug("{} ends", this.name, ex);
		}
		finally {
			finish();
		}
	}

	private void finish() {
		try {
			if (this.length > 0) {
				endLine();
			}
			announceDropped();
		}
		finally {
			this.ended.countDown();
		}
	}

	private void split(byte[] buffer, int count) {
		int start = 0;
		for (int i = 0; i < count; i++) {
			if (buffer[i] == '\n') {
				append(buffer, start, i);
				endLine();
				start = i + 1;
			}
		}
		append(buffer, start, count);
	}

	private void append(byte[] buffer, int from, int to) {
		int count = Math.min(to - from, MAX_LINE_BYTES - this.length);
		if (count <= 0) {
			return;
		}
		int needed = this.length + count;
		if (needed > this.line.length) {
			this.line = Arrays.copyOf(this.line, Math.min(MAX_LINE_BYTES, Math.max(needed, this.line.length * 2)));
		}
		System.arraycopy(buffer, from, this.line, this.length, count);
		this.length = needed;
	}

	private void endLine() {
		long now = System.nanoTime();
		boolean admitted = this.limit.admit(now);
		if (admitted || this.lastLines != null) {
			String text = text();
			if (this.lastLines != null) {
				this.lastLines.add(text);
			}
			if (admitted) {
				announceDropped();
				deliver(text);
				this.limit.charge(System.nanoTime() - now);
			}
		}
		this.length = 0;
	}

	private String text() {
		int end = this.length;
		if (end > 0 && this.line[end - 1] == '\r') {
			end--;
		}
		String text = new String(this.line, 0, end, this.charset);
		if (text.length() <= MAX_LINE_LENGTH) {
			return text;
		}
		boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_LINE_LENGTH - 1));
		return text.substring(0, splitsPair ? MAX_LINE_LENGTH - 1 : MAX_LINE_LENGTH);
	}

	private void announceDropped() {
		long dropped = this.limit.takeDropped();
		if (dropped > 0) {
			deliver(String.format(Locale.ROOT, "… %,d lines of output were dropped: more than %,d a second", dropped,
					OutputLimit.LINES_PER_SECOND));
		}
	}

	private void deliver(String text) {
		try {
			this.listener.onLine(this.error, text);
		}
		catch (RuntimeException | LinkageError | StackOverflowError ex) {
			// A broken listener must not stop the draining, nor fill the log.
			if (!this.listenerFailed) {
				this.listenerFailed = true;
				logger.warn("{}: the output listener failed; further failures are not logged", this.name, ex);
			}
		}
	}

	/**
	 * Where a pump's lines go.
	 *
	 * @param charset how the child encodes them
	 * @param listener receives them
	 * @param limit how many of them it receives; shared by the pumps of one child
	 * @param lastLines keeps the last of them, or {@code null}
	 * @param copy receives the bytes as they are, or {@code null}
	 */
	record Sink(Charset charset, OutputListener listener, OutputLimit limit, @Nullable LastLines lastLines,
			@Nullable PrintStream copy) {
	}

}
