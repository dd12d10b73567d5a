package io.vimap.dispatch;

import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.MemoryWriter;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadMemory;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.ValueCodec;
import io.vimap.supervision.WorkerLink;
import org.jspecify.annotations.Nullable;

/**
 * How large values travel between the pool and one worker: through memory, from the
 * second on. Most workers never have one, and so never any memory.
 */
final class LargeValues {

	private final WorkerLink link;

	/** Whether there has been one. Sender and reader. */
	private volatile boolean wanted;

	/** Sender only: there can't be any memory. */
	private boolean refused;

	/** Written by the sender, once, before it tells the worker. */
	private volatile @Nullable PayloadMemory memory;

	/** Sender only. */
	private @Nullable MemoryWriter inputs;

	/** The number of the last task that was answered. Written by the reader. */
	private volatile long answered;

	LargeValues(WorkerLink link) {
		this.link = link;
	}

	/** A value has so many bytes. */
	void seen(int length) {
		if (length >= PayloadMemory.FROM && !this.wanted) {
			this.wanted = true;
		}
	}

	/** Tells the worker of the memory, when it is time. Sender only. */
	void announce(PayloadBuffer out) {
		if (!this.wanted || this.inputs != null || this.refused) {
			return;
		}
		PayloadMemory taken = this.link.memory();
		if (taken == null) {
			this.refused = true;
			return;
		}
		this.inputs = taken.inputs(() -> this.answered);
		this.memory = taken;
		Frames.memory(out, taken.file());
	}

	/** Where large inputs go. Sender only. */
	@Nullable MemoryWriter inputs() {
		return this.inputs;
	}

	/** All tasks up to this one have been answered. Reader thread only. */
	void answered(long number) {
		this.answered = number;
	}

	/** Finds an output that is in memory. */
	PayloadMemory.Place find(FrameInput body) {
		return known().find(FrameType.RESULT, body);
	}

	/** Decodes an output that is in memory. */
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
			throw new ProtocolException("an output in memory, of which the worker has none");
		}
		return known;
	}

}
