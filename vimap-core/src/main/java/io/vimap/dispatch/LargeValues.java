package io.vimap.dispatch;

import java.util.concurrent.atomic.AtomicBoolean;

import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.MemoryWriter;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadMemory;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.ValueCodec;
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
	private volatile @Nullable PayloadMemory memory;

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
		PayloadMemory taken = this.worker.memory();
		if (taken != null) {
			this.memory = taken;
			PayloadBuffer out = new PayloadBuffer(256);
			Frames.memory(out, taken.file());
			this.link.send(out);
		}
	}

	/** The worker has mapped it. Reader thread only. */
	void mapped() {
		this.inputs = known().inputs(() -> this.answered);
	}

	/** Where large inputs go, or {@code null} for the socket. Sender only. */
	@Nullable MemoryWriter inputs() {
		return this.inputs;
	}

	/** All tasks up to this one have been answered. Reader thread only. */
	void answered(long number) {
		this.answered = number;
	}

	/** Finds an output that is in memory. Reader thread only. */
	PayloadMemory.Place find(FrameInput body) {
		return known().find(FrameType.RESULT, body);
	}

	/** Decodes an output that is in memory. Reader thread only. */
	@Nullable Object read(PayloadMemory.Place place, long task, ValueCodec codec) throws Exception {
		PayloadMemory known = known();
		try {
			return known.read(place, codec);
		}
		finally {
			known.taken(task);
		}
	}

	private PayloadMemory known() {
		PayloadMemory known = this.memory;
		if (known == null) {
			throw new ProtocolException("memory that no worker was offered");
		}
		return known;
	}

}
