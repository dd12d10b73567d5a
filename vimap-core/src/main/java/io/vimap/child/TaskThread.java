package io.vimap.child;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.vimap.protocol.ChildPayloadMemory;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Frames;
import io.vimap.protocol.MemoryWriter;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ProtocolException;
import io.vimap.protocol.ThrowableCodec;
import io.vimap.protocol.ValueCodec;
import io.vimap.protocol.Welcome;
import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * Runs the worker: init, one task after the other, cleanup. User code runs on this thread
 * only.
 */
final class TaskThread extends Thread {

	/** {@link #running}: the thread runs no user code. */
	static final long IDLE = 0;

	/** {@link #running}: in init or cleanup. */
	private static final long SETTING_UP = Long.MAX_VALUE;

	/** {@link #running}: an interrupt is being delivered. */
	private static final long INTERRUPTING = -1;

	/** Results wait this long for others to go with them. */
	private static final long FLUSH_AFTER_NANOS = 100_000;

	/**
	 * They wait so long while there is plenty of work: each write wakes two threads of
	 * the parent's, which takes the processor from tasks.
	 */
	private static final long FLUSH_BUSY_AFTER_NANOS = 4_000_000;

	/**
	 * Work that must be left when the next task ends, so that this is early enough to
	 * send: the parent can send more before it is done.
	 */
	private static final long PLENTY_NANOS = 750_000;

	private static final int KEEP_BYTES = 256 * 1024;

	private final Inbox inbox;

	private final Outgoing outgoing;

	private final ControlFrames control;

	/**
	 * The number of the running task, or one of the constants. An interrupt reaches this
	 * thread only while user code runs: between tasks it would close the socket.
	 */
	private final AtomicLong running = new AtomicLong(IDLE);

	private final PayloadBuffer out = new PayloadBuffer(1024);

	/** Set before the threads start. */
	private @Nullable ControlThread controller;

	private long lastFlush;

	/** When the last task ended, 0 if something took its time since. */
	private long lastEnd;

	TaskThread(Inbox inbox, Outgoing outgoing, ControlFrames control) {
		super("vimap-worker");
		this.inbox = inbox;
		this.outgoing = outgoing;
		this.control = control;
		control.setTaskThread(this);
	}

	void setController(ControlThread controller) {
		this.controller = controller;
	}

	long running() {
		return this.running.get();
	}

	@Override
	public void run() {
		try {
			Welcome welcome = this.inbox.awaitWelcome();
			if (welcome != null) {
				serve(welcome);
			}
		}
		catch (ProtocolException ex) {
			ExitGuard.protocolBroken(String.valueOf(ex.getMessage()));
		}
		catch (IOException ex) {
			ExitGuard.parentGone();
		}
		catch (Throwable ex) {
			// No more memory, most likely. Other threads of the worker's must not keep a
			// process alive that runs no tasks.
			ex.printStackTrace();
			ExitGuard.halt(ExitGuard.BROKEN);
		}
		System.exit(0);
	}

	private void serve(Welcome welcome) throws IOException {
		BuiltWorker built;
		long begin = System.nanoTime();
		enter(SETTING_UP);
		try {
			ChildContext context = new ChildContext(welcome, this.control);
			built = BuiltWorker.build(welcome, context, contextLoader());
			built.worker().init(context);
		}
		catch (Throwable ex) {
			int at = Frames.begin(this.out, FrameType.START_FAILED);
			ThrowableCodec.encode(ex, this.out);
			Frames.end(this.out, at);
			leave();
			send();
			return;
		}
		leave();
		Frames.number(this.out, FrameType.READY, System.nanoTime() - begin);
		send();
		new Tasks(built, welcome.maxPayload()).run();
		cleanUp(built.worker());
	}

	private static ClassLoader contextLoader() {
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		return (loader != null) ? loader : ClassLoader.getSystemClassLoader();
	}

	private void cleanUp(Worker<@Nullable Object, @Nullable Object> worker) throws IOException {
		int at = Frames.begin(this.out, FrameType.GOODBYE);
		enter(SETTING_UP);
		try {
			worker.cleanup();
			leave();
			this.out.writeByte(0);
		}
		catch (Throwable ex) {
			this.out.writeByte(1);
			ThrowableCodec.encode(ex, this.out);
			leave();
		}
		Frames.end(this.out, at);
		send();
	}

	private void send() throws IOException {
		this.outgoing.append(this.out);
		this.outgoing.flush();
		this.out.reset(KEEP_BYTES);
	}

	private void enter(long state) {
		this.running.set(state);
		ControlThread controller = this.controller;
		if (controller != null) {
			controller.wake();
		}
	}

	/** Ends the time in which interrupts are let through, and drops a late one. */
	private void leave() {
		long state;
		while ((state = this.running.get()) == INTERRUPTING || !this.running.compareAndSet(state, IDLE)) {
			Thread.onSpinWait();
		}
		Thread.interrupted();
	}

	@Override
	public void interrupt() {
		long state = this.running.get();
		if (state != IDLE && state != INTERRUPTING && this.running.compareAndSet(state, INTERRUPTING)) {
			super.interrupt();
			this.running.set(state);
		}
	}

	/** Takes the stack of a task that is about to be interrupted. */
	interface StackListener {

		void onStack(long number, String stack) throws IOException;

	}

	/**
	 * Interrupts one task.
	 * @param number the task's number
	 * @param listener receives its stack before the interrupt, and so before the task can
	 * end because of it
	 * @return {@code false} if the task does not run (any more)
	 * @throws IOException if the listener does
	 */
	boolean interruptTask(long number, StackListener listener) throws IOException {
		if (this.running.get() != number) {
			return false;
		}
		String stack = ThreadDump.of(this);
		if (!this.running.compareAndSet(number, INTERRUPTING)) {
			return false;
		}
		try {
			listener.onStack(number, stack);
			super.interrupt();
		}
		finally {
			this.running.set(number);
		}
		return true;
	}

	/** The loop over tasks, with all it needs in final fields. */
	private final class Tasks {

		private final Worker<@Nullable Object, @Nullable Object> worker;

		private final @Nullable ContextualWorker<@Nullable Object, @Nullable Object> contextual;

		private final ValueCodec inputs;

		private final ValueCodec outputs;

		private final long maxPayload;

		private final TakenTask task = new TakenTask();

		Tasks(BuiltWorker built, long maxPayload) {
			this.worker = built.worker();
			this.contextual = (this.worker instanceof ContextualWorker<@Nullable Object, @Nullable Object> contextual)
					? contextual : null;
			this.inputs = built.inputs();
			this.outputs = built.outputs();
			this.maxPayload = maxPayload;
		}

		void run() throws IOException {
			while (TaskThread.this.inbox.take(this.task)) {
				runOne(this.task.number());
			}
		}

		private void runOne(long number) throws IOException {
			PayloadBuffer out = TaskThread.this.out;
			FrameInput input = this.task.body();
			long begin = begin();
			int at;
			boolean exhausted = false;
			int failure = Frames.INPUT_UNREADABLE;
			enter(number);
			try {
				Map<String, String> context = ((input.readByte() & Frames.WITH_CONTEXT) != 0) ? input.readPairs()
						: Map.of();
				ChildPayloadMemory memory = TaskThread.this.control.memory();
				Object value = Frames.decode(input, Frames.place(input, memory), this.inputs);
				failure = Frames.WORKER_THREW;
				Object output = (this.contextual != null) ? this.contextual.process(value, context)
						: this.worker.process(value);
				failure = Frames.OUTPUT_UNWRITABLE;
				at = Frames.beginResult(out, number, 0);
				int valueAt = out.size();
				Frames.value(out, this.outputs, output, this.maxPayload);
				Frames.endValue(out, at, valueAt, number, outputMemory());
				leave();
			}
			catch (Throwable ex) {
				exhausted = ex instanceof OutOfMemoryError;
				out.reset(KEEP_BYTES);
				at = Frames.beginFailure(out, number, 0, failure);
				// The exception's own methods are user code as well.
				ThrowableCodec.encode(ex, out);
				Frames.end(out, at);
				leave();
			}
			long end = System.nanoTime();
			long nanos = end - begin;
			long waited = end - TaskThread.this.lastFlush;
			Frames.setNanos(out, at, nanos);
			this.task.ended(nanos);
			TaskThread.this.lastEnd = end;
			boolean sent = TaskThread.this.outgoing.append(out);
			out.reset(KEEP_BYTES);
			int behind = this.task.behind();
			if (isWorthALook(nanos, waited)) {
				// What was sent last may have brought more meanwhile.
				behind = TaskThread.this.inbox.look();
				TaskThread.this.lastEnd = 0;
			}
			if (exhausted || isTimeToFlush(nanos, waited, behind)) {
				TaskThread.this.outgoing.flush();
				sent = true;
			}
			if (sent) {
				TaskThread.this.lastFlush = end;
				TaskThread.this.lastEnd = 0;
			}
			if (exhausted) {
				System.err.println("vimap: the worker ends after an OutOfMemoryError");
				System.err.flush();
				ExitGuard.halt(ExitGuard.OUT_OF_MEMORY);
			}
		}

		/** Where large outputs go: by now there may be memory. */
		private @Nullable MemoryWriter outputMemory() {
			ChildPayloadMemory memory = TaskThread.this.control.memory();
			return (memory != null) ? memory.outputs() : null;
		}

		/**
		 * Whether the results that have gathered are to be sent, after a task: at once
		 * where nobody else would, and when they have waited for long, unless enough work
		 * is left, if the tasks behind take as long as this one has.
		 */
		private boolean isTimeToFlush(long nanos, long waited, int behind) {
			if (TaskThread.this.inbox.isReadOnBehalf()) {
				return true;
			}
			return waited > FLUSH_AFTER_NANOS
					&& (waited > FLUSH_BUSY_AFTER_NANOS || nanos * (behind - 1) < PLENTY_NANOS);
		}

		/** Whether results are to be sent only if no more tasks have arrived. */
		private boolean isWorthALook(long nanos, long waited) {
			return this.task.behind() == 0 && nanos > FLUSH_AFTER_NANOS && waited <= FLUSH_BUSY_AFTER_NANOS
					&& !TaskThread.this.inbox.isReadOnBehalf();
		}

		/**
		 * When the task begins: when the last one ended, if nothing took its time since.
		 * To read the clock takes as long as a tenth of a small task.
		 */
		private long begin() {
			long end = TaskThread.this.lastEnd;
			return (end != 0 && !this.task.wasAwaited()) ? end : System.nanoTime();
		}

	}

}
