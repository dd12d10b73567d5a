package io.vimap.supervision;

import io.vimap.protocol.FrameSender;
import io.vimap.protocol.PayloadBuffer;
import org.jspecify.annotations.Nullable;

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
	 * Returns what has been received, for what the child did not get to send.
	 * @return the position in the child's output stream up to which it has been read
	 */
	io.vimap.protocol.@Nullable InboundBuffer inbound();

}
