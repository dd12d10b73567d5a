package io.vimap.supervision;

import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.Frames;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ParentPayloadMemory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One occupant of a seat: an operating system process with its connection and its state.
 * The state is changed by {@link #become} only, on the supervisor thread only; other
 * threads see it and talk to the supervisor through the methods of this class.
 */
final class WorkerProcess implements ReadyWorker {

	private static final Logger logger = LoggerFactory.getLogger(WorkerProcess.class);

	private static final Map<WorkerState, Set<WorkerState>> LEGAL = new EnumMap<>(
			Map.of(WorkerState.LAUNCHING, EnumSet.of(WorkerState.HANDSHAKING, WorkerState.STOPPING, WorkerState.EXITED),
					WorkerState.HANDSHAKING, EnumSet.of(WorkerState.READY, WorkerState.STOPPING, WorkerState.EXITED),
					WorkerState.READY, EnumSet.of(WorkerState.DRAINING, WorkerState.STOPPING, WorkerState.EXITED),
					WorkerState.DRAINING, EnumSet.of(WorkerState.STOPPING, WorkerState.EXITED), WorkerState.STOPPING,
					EnumSet.of(WorkerState.EXITED), WorkerState.EXITED, EnumSet.noneOf(WorkerState.class)));

	/** The index of a spare. */
	static final int NO_SEAT = -1;

	private final WorkerSupervisor supervisor;

	private final String pool;

	private final long number;

	private final Path directory;

	private final String token;

	private final long launchedAt;

	private final PayloadMemories memories;

	/** Answers to thread dump requests that are awaited. Any thread. */
	private final Map<Integer, CompletableFuture<String>> dumps = new ConcurrentHashMap<>();

	/** The number of the last request. Any thread. */
	private final AtomicInteger dumpRequests = new AtomicInteger();

	/** Written by the supervisor thread. */
	private volatile WorkerState state = WorkerState.LAUNCHING;

	/** Written by the supervisor thread. */
	private volatile int index = NO_SEAT;

	/** Written by the supervisor thread; 0 without a seat. */
	private volatile int incarnation;

	/** Written by the supervisor thread, once. */
	private volatile @Nullable ChildProcess child;

	/** Written by the supervisor thread, once. */
	private volatile @Nullable WorkerLink link;

	/** Written by the supervisor thread, once; read by the reader thread. */
	private volatile @Nullable Conversation conversation;

	// The rest belongs to the supervisor thread.

	/** Why it is being ended; the first specific cause wins. */
	@Nullable ExitReason reason;

	String detail = "";

	/** Its resident memory when it was READY, if there is a limit. */
	long freshBytes;

	/** Why it is DRAINING. It is the reason of its end only if it drains in order. */
	ExitReason retireReason = ExitReason.REQUESTED;

	String retireDetail = "";

	/** Whether STOP has been sent and GOODBYE has not arrived. */
	boolean cleaningUp;

	/** What it has finished and not sent: open from its launch to its end. */
	@Nullable FileChannel outbox;

	boolean connectionEnded;

	@Nullable ExitStatus exitStatus;

	/** What made the start or the cleanup fail. */
	@Nullable ExceptionContext failure;

	WorkerProcess(WorkerSupervisor supervisor, String pool, long number, Path directory, String token, long launchedAt,
			PayloadMemories memories) {
		this.supervisor = supervisor;
		this.pool = pool;
		this.number = number;
		this.directory = directory;
		this.token = token;
		this.launchedAt = launchedAt;
		this.memories = memories;
	}

	/**
	 * Changes the state: the only place that does. Supervisor thread only.
	 * @param next the new state
	 * @param why the reason, for the log
	 * @throws IllegalStateException if the move is not legal: a defect of the supervisor
	 */
	void become(WorkerState next, String why) {
		WorkerState before = this.state;
		Set<WorkerState> legal = LEGAL.get(before);
		if (legal == null || !legal.contains(next)) {
			throw new IllegalStateException(this + " can't go from " + before + " to " + next + " (" + why + ")");
		}
		this.state = next;
		logger.debug("{}: {} -> {} ({})", this, before, next, why);
	}

	/** Notes why this worker is being ended, unless that is known already. */
	void because(ExitReason cause, String explanation) {
		if (this.reason == null) {
			this.reason = cause;
			this.detail = explanation;
		}
	}

	@Override
	public int index() {
		return this.index;
	}

	/**
	 * Gets a seat, once.
	 * @param newIndex the seat
	 * @param newIncarnation how many processes have had it, this one included
	 */
	void takeSeat(int newIndex, int newIncarnation) {
		this.incarnation = newIncarnation;
		this.index = newIndex;
	}

	/** Whether it has no seat yet. */
	boolean isSpare() {
		return this.index == NO_SEAT;
	}

	/** Whether it is a spare that a seat can be given to. */
	boolean isWaiting() {
		return isSpare() && this.state == WorkerState.HANDSHAKING && !this.connectionEnded;
	}

	/** Whether it is on its way to READY, or to wait for a seat. */
	boolean isStarting() {
		return this.state == WorkerState.LAUNCHING || this.state == WorkerState.HANDSHAKING && !isSpare();
	}

	/** Whether it has had a seat and is to end. */
	boolean isLeaving() {
		return !isSpare() && (this.state == WorkerState.DRAINING || this.state == WorkerState.STOPPING);
	}

	@Override
	public long pid() {
		ChildProcess process = this.child;
		return (process != null) ? process.pid() : -1;
	}

	/** The number of this process within its pool, counted from 1. */
	long number() {
		return this.number;
	}

	/**
	 * Returns the number of this process among those that have had its seat.
	 * @return the incarnation, counted from 1; 0 for a spare
	 */
	int incarnation() {
		return this.incarnation;
	}

	/**
	 * Returns the state.
	 * @return the state at this moment
	 */
	WorkerState state() {
		return this.state;
	}

	Path directory() {
		return this.directory;
	}

	String token() {
		return this.token;
	}

	long launchedAt() {
		return this.launchedAt;
	}

	@Nullable ChildProcess child() {
		return this.child;
	}

	void launched(ChildProcess process) {
		this.child = process;
	}

	@Override
	public @Nullable WorkerLink link() {
		return this.link;
	}

	void connected(WorkerLink newLink) {
		this.link = newLink;
	}

	@Override
	public @Nullable ParentPayloadMemory memory() {
		return this.memories.of(this);
	}

	@Override
	public void giveBackMemory() {
		this.memories.giveBack(this);
	}

	@Nullable Conversation conversation() {
		return this.conversation;
	}

	void converse(Conversation newConversation) {
		this.conversation = newConversation;
	}

	@Override
	public void drained() {
		this.supervisor.post(new SupervisorEvent.Drained(this));
	}

	@Override
	public void overdue(String detail) {
		this.supervisor.post(new SupervisorEvent.TaskOverdue(this, detail));
	}

	@Override
	public void worked() {
		this.supervisor.post(new SupervisorEvent.Worked(this));
	}

	@Override
	public void limitReached(String limit) {
		this.supervisor.post(new SupervisorEvent.LimitReached(this, limit));
	}

	/**
	 * Asks for the stacks of all threads. Any thread.
	 * @return the future answer; fails if the worker ends first
	 */
	CompletableFuture<String> threadDump() {
		CompletableFuture<String> answer = new CompletableFuture<>();
		WorkerLink way = this.link;
		if (way == null || this.state == WorkerState.EXITED) {
			answer.completeExceptionally(new IllegalStateException(this + " is " + this.state));
			return answer;
		}
		int request = this.dumpRequests.incrementAndGet();
		this.dumps.put(request, answer);
		PayloadBuffer out = new PayloadBuffer(16);
		Frames.dump(out, request);
		way.send(out);
		if (this.state == WorkerState.EXITED) {
			failDumps();
		}
		return answer;
	}

	void dumped(int request, String text) {
		CompletableFuture<String> answer = this.dumps.remove(request);
		if (answer != null) {
			answer.completeAsync(() -> text);
		}
	}

	void failDumps() {
		this.dumps.forEach((request, answer) -> answer.completeAsync(() -> {
			throw new IllegalStateException(this + " ended before it answered");
		}));
		this.dumps.clear();
	}

	WorkerInfo info(long now) {
		ChildProcess process = this.child;
		Conversation talk = this.conversation;
		long running = (talk != null) ? talk.runningNanos() : -1;
		Long task = (talk != null && running >= 0) ? talk.taskId(0) : null;
		return new WorkerInfo(this.index, pid(), this.state, this.incarnation, Duration.ofNanos(now - this.launchedAt),
				(talk != null) ? talk.tasksDone() : 0, (talk != null) ? talk.inFlight() : 0, task,
				(task != null) ? Duration.ofNanos(running) : null, (process != null) ? process.residentBytes() : -1,
				(process != null) ? process.cpuTime() : null);
	}

	@Override
	public String toString() {
		return (isSpare() ? "a spare of pool '" : "worker " + this.index + " of pool '") + this.pool + "' (pid " + pid()
				+ (isSpare() ? ")" : ", incarnation " + this.incarnation + ")");
	}

}
