package io.vimap.supervision;

import io.vimap.protocol.FrameSender;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.PayloadBuffer;

/**
 * The way to one connected worker.
 */
public interface WorkerLink {

	/**
	 * Sends control frames. Never blocks.
	 * @param frames whole frames
	 */
	default void send(PayloadBuffer frames) {
		sender().send(frames);
	}

	/**
	 * Returns the sender, for tasks.
	 * @return the sender
	 */
	FrameSender sender();

	/**
	 * Cuts the connection off.
	 */
	void close();

	/**
	 * Returns what has been received. When the child is dead and its connection has been
	 * read to the end, what it did not get to send is appended to it.
	 * @return the buffer, which is the reader thread's as long as that lives
	 */
	InboundBuffer inbound();

}
