package io.vimap.protocol;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * The parent's end of one child's socket. One thread reads; any thread writes, one at a
 * time, and never blocks: what the socket does not take is written later, when
 * {@link #awaitReadable} says so. The channel is non-blocking because a blocking one
 * would be closed by an interrupt of a caller's thread.
 */
public final class Connection implements AutoCloseable {

	/** Bounds the direct buffer that NIO keeps per thread for writes from arrays. */
	private static final int LARGEST_WRITE = 256 * 1024;

	/**
	 * How many bytes may wait in the socket, as far as the system permits. The default of
	 * 208 KiB makes both sides take turns all the time while a large payload is under
	 * way.
	 */
	private static final int SEND_BUFFER = 1024 * 1024;

	private final SocketChannel channel;

	private final Selector selector;

	private final SelectionKey key;

	/**
	 * Takes over a connected channel.
	 * @param channel the channel, which becomes non-blocking
	 * @param selector waits for the channel only, and is closed with it
	 * @throws IOException if it can't be registered
	 */
	public Connection(SocketChannel channel, Selector selector) throws IOException {
		this.channel = channel;
		this.selector = selector;
		channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
		channel.configureBlocking(false);
		this.key = channel.register(this.selector, SelectionKey.OP_READ);
	}

	/**
	 * Waits until there is something to read, or room to write what was left. Reader
	 * thread only.
	 * @param millis how long to wait at most, 0 for without limit
	 * @return whether the channel has become writable after a write that left something
	 * @throws IOException if the selector fails
	 */
	public boolean awaitReadable(long millis) throws IOException {
		try {
			this.selector.select(millis);
			this.selector.selectedKeys().clear();
			if (this.key.isWritable()) {
				this.key.interestOps(SelectionKey.OP_READ);
				return true;
			}
			return false;
		}
		catch (ClosedSelectorException | CancelledKeyException ex) {
			throw closed(ex);
		}
	}

	private static IOException closed(RuntimeException cause) {
		IOException closed = new AsynchronousCloseException();
		closed.initCause(cause);
		return closed;
	}

	/**
	 * Reads what has arrived, without blocking. Reader thread only.
	 * @param in where to
	 * @return the number of bytes, 0 if nothing has arrived, −1 at the end of the stream
	 * @throws IOException if reading fails
	 */
	public int read(InboundBuffer in) throws IOException {
		return in.read(this.channel);
	}

	/**
	 * Writes as much as the socket takes now. Calls must not overlap.
	 * @param out what to write
	 * @param from the position in it of the first byte to write
	 * @return the position of the first byte that was not written; if it is not the end,
	 * the reader thread will be told when there is room again
	 * @throws IOException if the other side is gone
	 */
	public int write(PayloadBuffer out, int from) throws IOException {
		int position = from;
		for (ByteBuffer part = out.part(from); part.hasRemaining(); part = out.part(position)) {
			part.limit(Math.min(part.limit(), part.position() + LARGEST_WRITE));
			int count = this.channel.write(part);
			if (count == 0) {
				awaitWritable();
				break;
			}
			position += count;
		}
		return position;
	}

	private void awaitWritable() throws IOException {
		try {
			this.key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
			this.selector.wakeup();
		}
		catch (ClosedSelectorException | CancelledKeyException ex) {
			throw closed(ex);
		}
	}

	@Override
	public void close() throws IOException {
		try {
			this.channel.close();
		}
		finally {
			this.selector.close();
		}
	}

}
