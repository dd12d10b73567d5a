package io.vimap.protocol;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * The parent's way of sending to one child, with natural batching: whoever has something
 * to send while nobody else is sending becomes the sender, and goes on until there is
 * nothing left, also of what others have brought meanwhile. So frames that are ready
 * together go out in one write, and no caller ever waits for another or for the socket.
 */
public final class FrameSender {

	/** Where task frames come from. */
	public interface Source {

		/**
		 * Appends some frames. Called by one thread at a time, without any lock held.
		 * @param out where to
		 * @return whether anything was appended
		 */
		boolean fill(PayloadBuffer out);

		/**
		 * All that was appended since the last call is going to be written now: the other
		 * side can't have seen any of it before. Called as {@link #fill} is.
		 */
		void sending();

	}

	/** Stop gathering and write when so many bytes are pending. */
	private static final int HIGH_WATER = 64 * 1024;

	/** The largest buffer worth keeping. */
	private static final int KEEP = 128 * 1024;

	private final Connection connection;

	private final LongAdder sentBytes;

	/** Control frames, which go before tasks. Any thread. */
	private final Queue<PayloadBuffer> control = new ConcurrentLinkedQueue<>();

	/** Not 0: somebody is sending; each call adds one, and the sender looks again. */
	private final AtomicInteger calls = new AtomicInteger();

	/** Written once, by whoever is going to give tasks, before there are any. */
	private volatile @Nullable Source source;

	/** Sender only: what has been gathered, written up to {@link #written}. */
	private final PayloadBuffer out = new PayloadBuffer(1024);

	/** Sender only. */
	private int written;

	/** Sender only: the other side is gone. */
	private boolean broken;

	/**
	 * Creates a sender.
	 * @param connection the connection
	 * @param sentBytes counts the bytes handed to the socket
	 */
	public FrameSender(Connection connection, LongAdder sentBytes) {
		this.connection = connection;
		this.sentBytes = sentBytes;
	}

	/**
	 * Says where task frames come from.
	 * @param newSource asked from the next {@link #pump} on
	 */
	public void source(Source newSource) {
		this.source = newSource;
	}

	/**
	 * Sends control frames, before tasks that have not been gathered yet. Never blocks.
	 * @param frames whole frames; not to be touched any more
	 */
	public void send(PayloadBuffer frames) {
		this.control.add(frames);
		pump();
	}

	/**
	 * Sends what is there, unless somebody does so already, who then looks again. Never
	 * blocks.
	 */
	public void pump() {
		if (this.calls.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			drain();
			seen = this.calls.addAndGet(-seen);
		}
		while (seen != 0);
	}

	private void drain() {
		Source tasks = this.source;
		boolean more;
		do {
			if (this.written < this.out.length() && !flush()) {
				// The socket is full: the reader thread pumps again when it has room.
				return;
			}
			more = false;
			PayloadBuffer frames;
			while ((frames = this.control.poll()) != null) {
				this.out.write(frames.array(), 0, frames.size());
			}
			while (tasks != null && this.out.length() < HIGH_WATER && tasks.fill(this.out)) {
				more = true;
			}
			if (tasks != null && more) {
				tasks.sending();
			}
		}
		while (flush() && more);
	}

	/** Returns whether everything has been written. */
	private boolean flush() {
		int size = this.out.length();
		if (this.written == size) {
			return true;
		}
		if (!this.broken) {
			try {
				int position = this.connection.write(this.out, this.written);
				this.sentBytes.add(position - this.written);
				this.written = position;
			}
			catch (IOException ex) {
				// The reader thread meets the same end, and knows what to do.
				this.broken = true;
			}
		}
		if (this.broken || this.written == size) {
			this.out.reset(KEEP);
			this.written = 0;
			return true;
		}
		return false;
	}

}
