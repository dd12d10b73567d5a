package io.vimap.serial;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.vimap.child.BuiltWorker;
import io.vimap.child.ChildContext;
import io.vimap.dispatch.TaskFailures;
import io.vimap.pool.Attempt;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.TaskLocation;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ThrowableCodec;
import io.vimap.protocol.ValueCodec;
import io.vimap.protocol.Welcome;
import io.vimap.supervision.RemoteThrowables;
import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One occupant of a seat: a worker as it would be in a child, without the child. Values
 * and exceptions go through the same bytes as between two processes, so that what could
 * not travel fails here too, and no object is shared by worker and caller. Used by the
 * thread that has the pool's turn, unless said otherwise.
 */
final class SerialWorker {

	private static final Logger logger = LoggerFactory.getLogger(SerialWorker.class);

	/**
	 * The parent's side of the codecs, and where it counts.
	 *
	 * @param inputs encodes inputs
	 * @param outputs decodes outputs
	 * @param sent counts bytes of inputs
	 * @param received counts bytes of outputs
	 */
	record Codecs(ValueCodec inputs, ValueCodec outputs, LongAdder sent, LongAdder received) {
	}

	private final Welcome welcome;

	private final Codecs codecs;

	private final ChildContext context;

	private final BuiltWorker built;

	private final long startedAt = System.nanoTime();

	/** Any thread: who hears the notices of a topic. */
	private final Map<String, Consumer<String>> listeners;

	/** How many have ended. Read by any thread. */
	private final AtomicLong tasks = new AtomicLong();

	/** The task that runs, 0 for none. Read by any thread. */
	private volatile long current;

	/** Read by any thread. */
	private volatile long currentSince;

	/** Whether an OutOfMemoryError has left it in an unknown state. */
	private boolean exhausted;

	private SerialWorker(Welcome welcome, Codecs codecs, ChildContext context, BuiltWorker built,
			Map<String, Consumer<String>> listeners) {
		this.welcome = welcome;
		this.codecs = codecs;
		this.context = context;
		this.built = built;
		this.listeners = listeners;
	}

	/**
	 * Creates and initializes a worker.
	 * @param welcome what a child would be told
	 * @param codecs the other side
	 * @param loader loads its classes
	 * @return the worker, ready for tasks
	 * @throws Throwable whatever its class, factory, constructor or init throws
	 */
	static SerialWorker start(Welcome welcome, Codecs codecs, ClassLoader loader) throws Throwable {
		Map<String, Consumer<String>> listeners = new ConcurrentHashMap<>();
		ChildContext context = new ChildContext(welcome, (topic, listener) -> {
			listeners.put(topic, listener);
			String message = welcome.signals().get(topic);
			if (message != null) {
				deliver(listener, message);
			}
		});
		BuiltWorker built;
		try (CallersInterrupt aside = new CallersInterrupt()) {
			built = BuiltWorker.build(welcome, context, loader);
			built.worker().init(context);
		}
		return new SerialWorker(welcome, codecs, context, built, listeners);
	}

	/** Runs one task; it may take so long, {@code null} for without limit. */
	SerialResult run(long id, @Nullable Object input, Map<String, String> taskContext, @Nullable Duration timeout,
			String timeoutProperty) {
		PayloadBuffer bytes = new PayloadBuffer(256);
		try {
			bytes.limitTo(this.welcome.maxPayload(), input);
			this.codecs.inputs().encode(input, bytes);
		}
		catch (Throwable ex) {
			// An Error of a codec too is the failure of this task, and nobody else's.
			return new SerialResult(input, null,
					TaskFailures.unsendable(new TaskLocation(this.welcome.pool(), -1, -1, id), input, ex));
		}
		this.codecs.sent().add(bytes.size());
		TaskLocation location = new TaskLocation(this.welcome.pool(), this.welcome.index(), pid(), id);
		long begin = System.nanoTime();
		this.currentSince = begin;
		this.current = id;
		SerialResult result;
		String stack;
		try (CallersInterrupt aside = new CallersInterrupt()) {
			Deadline deadline = new Deadline(timeout);
			result = answer(input, location, bytes, taskContext);
			stack = deadline.end();
		}
		this.current = 0;
		this.tasks.incrementAndGet();
		return (stack == null || timeout == null) ? result
				: new SerialResult(input, null, timedOut(location, timeoutProperty, timeout, begin, stack));
	}

	private SerialResult answer(@Nullable Object input, TaskLocation location, PayloadBuffer sent,
			Map<String, String> taskContext) {
		PayloadBuffer answer = new PayloadBuffer(256);
		int stage = Frames.INPUT_UNREADABLE;
		try {
			Object value = this.built.inputs().decode(sent.array(), 0, sent.size());
			stage = Frames.WORKER_THREW;
			Worker<@Nullable Object, @Nullable Object> worker = this.built.worker();
			Object output = (worker instanceof ContextualWorker<@Nullable Object, @Nullable Object> contextual)
					? contextual.process(value, taskContext) : worker.process(value);
			stage = Frames.OUTPUT_UNWRITABLE;
			answer.limitTo(this.welcome.maxPayload(), output);
			this.built.outputs().encode(output, answer);
			stage = TaskFailures.OUTPUT_UNREADABLE;
			this.codecs.received().add(answer.size());
			return new SerialResult(input, this.codecs.outputs().decode(answer.array(), 0, answer.size()), null);
		}
		catch (Throwable ex) {
			this.exhausted = ex instanceof OutOfMemoryError;
			return new SerialResult(input, null, TaskFailures.answered(location, stage,
					(stage == TaskFailures.OUTPUT_UNREADABLE) ? ExceptionContext.of(ex) : sentBack(ex)));
		}
	}

	private static TaskTimeoutException timedOut(TaskLocation location, String property, Duration timeout, long begin,
			String stack) {
		Duration elapsed = Duration.ofNanos(System.nanoTime() - begin);
		Attempt attempt = new Attempt(location.worker(), location.pid(), ExitReason.TASK_TIMEOUT,
				"ran " + elapsed.toMillis() + " ms", Instant.now());
		return new TaskTimeoutException(location, property, timeout, elapsed, stack, List.of(attempt));
	}

	/** An exception as it is after its way to the parent. */
	static ExceptionContext sentBack(Throwable thrown) {
		PayloadBuffer bytes = new PayloadBuffer(1024);
		ThrowableCodec.encode(thrown, bytes);
		FrameInput in = new FrameInput();
		in.set(bytes.array(), 0, bytes.size());
		return RemoteThrowables.decode(in);
	}

	boolean exhausted() {
		return this.exhausted;
	}

	/** Any thread. */
	long tasks() {
		return this.tasks.get();
	}

	/** Any thread. */
	long pid() {
		return this.context.pid();
	}

	Duration uptime() {
		return Duration.ofNanos(System.nanoTime() - this.startedAt);
	}

	/** Any thread. */
	void signal(String topic, String message) {
		Consumer<String> listener = this.listeners.get(topic);
		if (listener != null) {
			deliver(listener, message);
		}
	}

	private static void deliver(Consumer<String> listener, String message) {
		try {
			listener.accept(message);
		}
		catch (Throwable ex) {
			logger.warn("A signal listener failed", ex);
		}
	}

	/**
	 * Ends this worker.
	 * @param reason why
	 * @param detail why, in words
	 * @return the report
	 */
	WorkerExit stop(ExitReason reason, String detail) {
		ExceptionContext failure = null;
		// What was killed or is out of memory would not clean up as a process either.
		if (reason != ExitReason.CRASHED) {
			try (CallersInterrupt aside = new CallersInterrupt()) {
				this.built.worker().cleanup();
			}
			catch (Throwable ex) {
				failure = sentBack(ex);
				logger.warn("The cleanup of worker {} of pool '{}' failed: {}", this.welcome.index(),
						this.welcome.pool(), failure.formattedTraceback());
			}
		}
		return exit(this.welcome, reason, detail, uptime(), this.tasks.get(), failure);
	}

	/** The report about a worker that never was a process. */
	static WorkerExit exit(Welcome welcome, ExitReason reason, String detail, Duration uptime, long tasks,
			@Nullable ExceptionContext failure) {
		return new WorkerExit(welcome.pool(), reason, detail, welcome.index(), -1, welcome.incarnation(), -1, null,
				Instant.now(), uptime, tasks, null, List.of(), null, List.of(), false, failure);
	}

	/** Any thread. */
	WorkerInfo info() {
		long task = this.current;
		return new WorkerInfo(this.welcome.index(), pid(), WorkerState.READY, this.welcome.incarnation(), uptime(),
				this.tasks.get(), (task != 0) ? 1 : 0, (task != 0) ? task : null,
				(task != 0) ? Duration.ofNanos(System.nanoTime() - this.currentSince) : null, -1, null);
	}

	@Override
	public String toString() {
		return "worker " + this.welcome.index() + " of pool '" + this.welcome.pool() + "' (serial)";
	}

}
