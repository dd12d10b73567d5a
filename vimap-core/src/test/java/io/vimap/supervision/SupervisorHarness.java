package io.vimap.supervision;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.ExitStatus;
import io.vimap.launch.LaunchRequest;
import io.vimap.launch.ProcessLauncher;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.FrameInput;
import io.vimap.protocol.FrameSender;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.InboundBuffer;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.Welcome;
import org.jspecify.annotations.Nullable;

/**
 * A supervisor without a thread, without processes and with a clock of its own: events
 * are handled one by one, on the test's thread.
 */
final class SupervisorHarness implements AutoCloseable {

	final FakeLauncher launcher = new FakeLauncher();

	final FakeListener listener = new FakeListener();

	final SupervisorStatus status;

	final WorkerSupervisor supervisor;

	private final Map<WorkerProcess, FakeLink> links = new HashMap<>();

	private long now = 1_000_000_000_000L;

	/** The options that a test adds its own to. */
	static PoolOptions.Builder options() {
		return PoolOptions.builder().name("supervised");
	}

	SupervisorHarness(PoolOptions options, int processes) {
		WorkerDefinition definition = new WorkerDefinition(Welcome.Kind.WORKER_CLASS,
				"none".getBytes(StandardCharsets.UTF_8), new byte[0], new byte[0], new byte[0]);
		this.status = new SupervisorStatus(options);
		this.supervisor = new WorkerSupervisor(options, Stream.generate(() -> definition).limit(processes).toList(),
				new WorkerStarter(options, new PoolThreads(options.name()), (directory) -> this.launcher),
				this.listener, this.status, () -> this.now);
	}

	static SupervisorHarness started(PoolOptions options, int processes) {
		SupervisorHarness harness = new SupervisorHarness(options, processes);
		harness.handle(new SupervisorEvent.Start());
		harness.allReady();
		return harness;
	}

	void handle(SupervisorEvent event) {
		this.supervisor.handle(event);
	}

	/**
	 * Lets time pass, and what is due happen when it is due.
	 * @return how many alarms have rung
	 */
	int pass(Duration time) {
		int alarms = 0;
		long end = this.now + time.toNanos();
		while (this.now < end) {
			this.now = Math.min(end, this.now + 1_000_000);
			SupervisorEvent.Alarm alarm;
			while ((alarm = this.supervisor.dueAlarm()) != null) {
				handle(alarm);
				alarms++;
			}
		}
		return alarms;
	}

	/** This process is stopped for a while, then does what is due. */
	void standStill(Duration time) {
		this.now += time.toNanos();
		pass(Duration.ofMillis(1));
	}

	/** A worker answers a task. */
	void work(FakeConversation conversation) {
		conversation.tasksDone++;
		if (conversation.tellsWhenWorked) {
			conversation.tellsWhenWorked = false;
			handle(new SupervisorEvent.Worked(conversation.worker));
		}
	}

	/** Connects and initializes processes until none is left to be. */
	void allReady() {
		WorkerProcess next;
		while ((next = first(WorkerState.LAUNCHING)) != null) {
			connect(next);
			if (!next.isSpare()) {
				handle(new SupervisorEvent.Ready(next));
			}
		}
	}

	FakeLink connect(WorkerProcess worker) {
		FakeLink link = new FakeLink();
		this.links.put(worker, link);
		handle(new SupervisorEvent.Connected(worker, link));
		return link;
	}

	FakeLink link(WorkerProcess worker) {
		return this.links.get(worker);
	}

	/** The process ends, and its connection with it. */
	void exit(WorkerProcess worker, int code, @Nullable String signal) {
		handle(new SupervisorEvent.Exited(worker, new ExitStatus(code, signal, false, List.of())));
		if (this.links.containsKey(worker)) {
			handle(new SupervisorEvent.ConnectionEnded(worker));
		}
	}

	void crash(WorkerProcess worker) {
		exit(worker, 139, "SIGSEGV");
	}

	/** All processes that were killed or told to stop do end. */
	void obey() {
		for (WorkerProcess worker : processes()) {
			FakeLink link = this.links.get(worker);
			if (((FakeChild) worker.child()).killed) {
				exit(worker, 137, "SIGKILL");
			}
			else if (link != null && link.sent.contains(FrameType.STOP)) {
				exit(worker, 0, null);
			}
		}
	}

	WorkerProcess seat(int index) {
		return this.status.at(index);
	}

	@Nullable WorkerProcess first(WorkerState state) {
		return processes().stream().filter((worker) -> worker.state() == state).findFirst().orElse(null);
	}

	List<WorkerProcess> processes() {
		return this.supervisor.processes();
	}

	long count(WorkerState state) {
		return processes().stream().filter((worker) -> worker.state() == state).count();
	}

	WorkerExit lastExit() {
		List<WorkerExit> exits = this.status.exits();
		return exits.get(exits.size() - 1);
	}

	@Override
	public void close() {
		handle(new SupervisorEvent.Close(Duration.ofMillis(1)));
		pass(Duration.ofSeconds(1));
		while (!processes().isEmpty()) {
			for (WorkerProcess worker : processes()) {
				exit(worker, 137, "SIGKILL");
			}
			pass(Duration.ofMillis(1));
		}
	}

	/** Starts nothing, and remembers it. */
	static final class FakeLauncher implements ProcessLauncher {

		final List<FakeChild> children = new ArrayList<>();

		long residentBytes = 40_000_000;

		boolean refuses;

		boolean breaks;

		boolean closed;

		@Override
		public ChildProcess launch(LaunchRequest request) throws IOException {
			if (this.refuses) {
				throw new IOException("no such java");
			}
			if (this.breaks) {
				throw new NoClassDefFoundError("io/vimap/Gone");
			}
			FakeChild child = new FakeChild(1000 + this.children.size(), this.residentBytes);
			this.children.add(child);
			return child;
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

	/** A process that ends when the test says so. */
	static final class FakeChild implements ChildProcess {

		private final long pid;

		long residentBytes;

		boolean killed;

		FakeChild(long pid, long residentBytes) {
			this.pid = pid;
			this.residentBytes = residentBytes;
		}

		@Override
		public long pid() {
			return this.pid;
		}

		@Override
		public CompletableFuture<ExitStatus> onExit() {
			return new CompletableFuture<>();
		}

		@Override
		public void kill() {
			this.killed = true;
		}

		@Override
		public List<String> lastOutput() {
			return List.of("last words");
		}

		@Override
		public @Nullable Path errorFile() {
			return null;
		}

		@Override
		public long residentBytes() {
			return this.residentBytes;
		}

		@Override
		public @Nullable Duration cpuTime() {
			return null;
		}

	}

	/** Remembers the types of the frames that were sent. */
	static final class FakeLink implements WorkerLink {

		final List<FrameType> sent = new ArrayList<>();

		boolean closed;

		@Override
		public void send(PayloadBuffer frames) {
			this.sent.add(FrameType.of(frames.array()[4]));
		}

		@Override
		public FrameSender sender() {
			throw new UnsupportedOperationException();
		}

		@Override
		public InboundBuffer inbound() {
			return new InboundBuffer(0);
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

	/** Stands for the dispatcher. */
	static final class FakeListener implements WorkerListener {

		final List<FakeConversation> open = new ArrayList<>();

		final List<FakeConversation> workingOn = new ArrayList<>();

		final List<FakeConversation> retired = new ArrayList<>();

		final List<WorkerExit> gone = new ArrayList<>();

		final List<Outbox> outboxes = new ArrayList<>();

		Runnable onGone = () -> {
		};

		final List<PoolState> states = new ArrayList<>();

		@Override
		public Conversation open(ReadyWorker worker) {
			FakeConversation conversation = new FakeConversation((WorkerProcess) worker);
			return conversation;
		}

		@Override
		public void ready(Conversation conversation) {
			this.open.add((FakeConversation) conversation);
		}

		@Override
		public void workOn(Conversation conversation) {
			this.workingOn.add((FakeConversation) conversation);
		}

		@Override
		public void retire(Conversation conversation) {
			this.retired.add((FakeConversation) conversation);
		}

		@Override
		public void gone(Conversation conversation, WorkerExit exit, @Nullable Outbox outbox) {
			this.gone.add(exit);
			this.outboxes.add(outbox);
			this.onGone.run();
		}

		@Override
		public void onStateChange(PoolState from, PoolState to) {
			this.states.add(to);
		}

	}

	/** Holds as many tasks as the test says. */
	static final class FakeConversation implements Conversation {

		final WorkerProcess worker;

		int inFlight;

		long tasksDone = 7;

		private boolean tellsWhenWorked;

		FakeConversation(WorkerProcess worker) {
			this.worker = worker;
		}

		@Override
		public void onFrame(FrameType type, FrameInput body) {
		}

		@Override
		public void onReadDone() {
		}

		@Override
		public long tasksDone() {
			return this.tasksDone;
		}

		@Override
		public void tellWhenWorked() {
			this.tellsWhenWorked = true;
		}

		@Override
		public int inFlight() {
			return this.inFlight;
		}

		@Override
		public @Nullable Long taskId(long number) {
			return null;
		}

		@Override
		public long runningNanos() {
			return -1;
		}

	}

}
