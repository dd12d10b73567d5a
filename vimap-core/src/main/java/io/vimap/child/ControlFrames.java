package io.vimap.child;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.vimap.protocol.ChildPayloadMemory;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadMemory;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * What the parent wants besides tasks, whatever the task thread does meanwhile. Frames
 * are handled by the thread that reads them, with the lock of the {@link Inbox} held.
 */
final class ControlFrames implements ChildContext.Signals, TaskThread.StackListener {

	private final Outgoing outgoing;

	/** Where large values are. Written once, by the thread that reads. */
	private volatile @Nullable ChildPayloadMemory memory;

	/** Guarded by itself: the last notice of each topic. */
	private final Map<String, String> signals = new HashMap<>();

	/** Guarded by {@link #signals}. */
	private final Map<String, Consumer<String>> listeners = new HashMap<>();

	/** Set before the threads start. */
	private @Nullable TaskThread taskThread;

	ControlFrames(Outgoing outgoing) {
		this.outgoing = outgoing;
	}

	void setTaskThread(TaskThread taskThread) {
		this.taskThread = taskThread;
	}

	void welcome(Welcome welcome) {
		synchronized (this.signals) {
			this.signals.putAll(welcome.signals());
		}
	}

	/**
	 * Without a switch, for which the compiler makes a class: that would be loaded with
	 * the first of these frames, when a worker may have left no file descriptor to find
	 * it with.
	 */
	void handle(FrameType type, FrameInput body) throws IOException {
		if (type == FrameType.INTERRUPT) {
			interrupt(body.readLong());
		}
		else if (type == FrameType.DUMP) {
			dump(body.readInt());
		}
		else if (type == FrameType.SIGNAL) {
			signal(body.readString(), body.readString());
		}
		else if (type == FrameType.MEMORY) {
			map(Path.of(body.readString()));
		}
		else if (type == FrameType.REFUSED) {
			System.err.println("vimap: " + body.readString());
			System.err.flush();
			ExitGuard.halt(ExitGuard.WRONG_VERSION);
		}
		else {
			throw new ProtocolException("a " + type + " from the parent");
		}
	}

	private void interrupt(long number) throws IOException {
		if (this.taskThread == null || !this.taskThread.interruptTask(number, this)) {
			onStack(number, "");
		}
		this.outgoing.flush();
	}

	@Override
	public void onStack(long number, String stack) throws IOException {
		PayloadBuffer out = new PayloadBuffer(1024);
		Frames.stack(out, number, stack);
		this.outgoing.append(out);
	}

	private void dump(int request) throws IOException {
		PayloadBuffer out = new PayloadBuffer(4096);
		Frames.threads(out, request, ThreadDump.take());
		send(out);
	}

	private void map(Path file) throws IOException {
		try {
			this.memory = new ChildPayloadMemory(file, FileMapping.map(file, PayloadMemory.SIZE));
		}
		catch (IOException | LinkageError ex) {
			// Too many open files, most likely. Then large values go on as before.
			System.err.println("vimap: large values go through the socket, since their memory can't be used: " + ex);
			return;
		}
		PayloadBuffer out = new PayloadBuffer(16);
		Frames.bare(out, FrameType.MAPPED);
		send(out);
	}

	private void send(PayloadBuffer out) throws IOException {
		this.outgoing.append(out);
		this.outgoing.flush();
	}

	/**
	 * Returns the memory that large values travel through. Any thread.
	 * @return the memory, or {@code null} if there is none (yet)
	 */
	@Nullable ChildPayloadMemory memory() {
		return this.memory;
	}

	private void signal(String topic, String message) {
		synchronized (this.signals) {
			this.signals.put(topic, message);
			Consumer<String> listener = this.listeners.get(topic);
			if (listener != null) {
				deliver(listener, message);
			}
		}
	}

	@Override
	public void onSignal(String topic, Consumer<String> listener) {
		synchronized (this.signals) {
			this.listeners.put(topic, listener);
			String message = this.signals.get(topic);
			if (message != null) {
				deliver(listener, message);
			}
		}
	}

	/** With the lock held, so that nobody hears an older notice after a newer one. */
	private static void deliver(Consumer<String> listener, String message) {
		try {
			listener.accept(message);
		}
		catch (Throwable ex) {
			System.err.println("vimap: a signal listener failed");
			ex.printStackTrace();
		}
	}

}
