package io.vimap.dispatch;

import java.util.concurrent.atomic.AtomicBoolean;

import io.vimap.protocol.Frames;
import io.vimap.protocol.MemoryWriter;
import io.vimap.protocol.ParentPayloadMemory;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadMemory;
import io.vimap.protocol.ProtocolException;
import io.vimap.supervision.ReadyWorker;
import io.vimap.supervision.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * How large values travel between the pool and one worker: the first through the socket,
 * like all others, and when the worker has answered that it has mapped it, through
 * memory. Most workers never see a large value, and never have such memory.
 */
final class LargeValues {

	private final ReadyWorker worker;

	private final WorkerLink link;

	/** Set by the sender or the reader thread, whoever sees a large value first. */
	private final AtomicBoolean offered = new AtomicBoolean();

	/** Written once, before the worker is told. */
	private volatile @Nullable ParentPayloadMemory memory;

	/** Written by the reader thread, once, when the worker has mapped the memory. */
	private volatile @Nullable MemoryWriter inputs;

	/** The number of the task that was answered last. Written by the reader thread. */
	private volatile long answered;

	LargeValues(ReadyWorker worker, WorkerLink link) {
		this.worker = worker;
		this.link = link;
	}

	/** An input or output has so many bytes. Sender or reader thread. */
	void seen(int length) {
		if (length >= PayloadMemory.FROM && !this.offered.getPlain() && this.offered.compareAndSet(false, true)) {
			offer();
		}
	}

	private void offer() {
		ParentPayloadMemory taken = this.worker.memory();
		if (taken != null) {
			this.memory = taken;
			PayloadBuffer out = new PayloadBuffer(256);
			Frames.memory(out, taken.file());
			this.link.send(out);
		}
	}

	/** The worker has mapped it. Reader thread only. */
	void mapped() {
		ParentPayloadMemory offer = this.memory;
		if (offer == null || this.inputs != null) {
			throw new ProtocolException(
					(offer == null) ? "memory that no worker was offered" : "the same memory for the second time");
		}
		this.inputs = offer.inputs(() -> this.answered);
	}

	/** Where large inputs go, or {@code null} for the socket. Sender only. */
	@Nullable MemoryWriter inputs() {
		return this.inputs;
	}

	/** All tasks up to this one have been answered. Reader thread only. */
	void answered(long number) {
		this.answered = number;
	}

	/**
	 * Where large outputs are, or {@code null} if the worker was offered no memory.
	 * Reader thread only.
	 */
	@Nullable ParentPayloadMemory memory() {
		return this.memory;
	}

}
