package io.vimap.supervision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.vimap.launch.ProcessLauncher;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.WorkerInfo;
import io.vimap.protocol.Frames;

/**
 * The supervisor as others talk to it: requests become events, in the order in which they
 * were made. Safe for use by many threads.
 */
public final class PoolControl {

	private final PoolOptions options;

	private final PoolThreads threads;

	private final SupervisorStatus status;

	private final WorkerStarter starter;

	private final WorkerSupervisor supervisor;

	/**
	 * Creates the supervisor of a pool with its thread, which waits for {@link #start}.
	 * @param options the pool's options
	 * @param definitions what the processes run, one per process
	 * @param threads the pool's own
	 * @param launcher makes the launcher, given the pool's directory
	 * @param listener hears which workers tasks may be sent to
	 * @param status shows what the supervisor knows
	 */
	public PoolControl(PoolOptions options, List<WorkerDefinition> definitions, PoolThreads threads,
			Function<Path, ProcessLauncher> launcher, WorkerListener listener, SupervisorStatus status) {
		this.options = options;
		this.threads = threads;
		this.status = status;
		this.starter = new WorkerStarter(options, threads, launcher);
		this.supervisor = new WorkerSupervisor(options, definitions, this.starter, listener, status, System::nanoTime);
		threads.create("supervisor", 0, this.supervisor::run).start();
	}

	/** Forks the processes. */
	public void start() {
		this.supervisor.post(new SupervisorEvent.Start());
	}

	/** Says that no accepted task is left, which a closing pool waits for. */
	public void allDrained() {
		this.supervisor.post(new SupervisorEvent.AllDrained());
	}

	/**
	 * Changes the number of processes.
	 * @param processes at least 1
	 */
	public void resize(int processes) {
		this.supervisor.post(new SupervisorEvent.Resize(processes));
	}

	/** Replaces all processes, one at a time. */
	public void recycleAll() {
		this.supervisor.post(new SupervisorEvent.Recycle(SupervisorEvent.ALL));
	}

	/**
	 * Replaces one process.
	 * @param index its seat
	 */
	public void recycle(int index) {
		this.supervisor.post(new SupervisorEvent.Recycle(index));
	}

	/**
	 * Kills the process at one seat; if the seat is no more, those that have lost it.
	 * @param index the seat
	 */
	public void kill(int index) {
		this.supervisor.post(new SupervisorEvent.Kill(index));
	}

	/** Leaves FAILED: the caller's next task is not refused for it any more. */
	public void resume() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.supervisor.post(new SupervisorEvent.Resume(done));
		if (!this.threads.isCurrent()) {
			CompletableFuture.anyOf(done, this.supervisor.terminated()).join();
		}
	}

	/**
	 * Sends a notice to all workers.
	 * @param topic its topic
	 * @param message its text
	 */
	public void signal(String topic, String message) {
		Frames.checkSignal(this.options.name(), topic, message);
		this.supervisor.post(new SupervisorEvent.Signal(topic, message));
	}

	/**
	 * Asks a worker for the stacks of its threads.
	 * @param index its seat
	 * @return the future answer
	 */
	public CompletableFuture<String> threadDump(int index) {
		return this.status.at(index).threadDump();
	}

	/**
	 * Returns the workers by seat: its occupant, if it has one, and after it those that
	 * have lost the seat and not ended.
	 * @return a snapshot
	 */
	public List<WorkerInfo> workers() {
		long now = System.nanoTime();
		List<WorkerInfo> workers = new ArrayList<>();
		for (WorkerProcess worker : this.status.workers()) {
			workers.add(worker.info(now));
		}
		return workers;
	}

	/**
	 * Returns how many bytes were sent.
	 * @return bytes handed to sockets
	 */
	public long bytesSent() {
		return this.starter.bytesSent();
	}

	/**
	 * Returns how many bytes were received.
	 * @return bytes from sockets
	 */
	public long bytesReceived() {
		return this.starter.bytesReceived();
	}

	/**
	 * Returns the pool's own directory, which is removed with it.
	 * @return a directory only its user may enter
	 */
	public Path directory() {
		return this.starter.directory();
	}

	/**
	 * Begins to end the pool.
	 * @return completes when nothing of it is left
	 */
	public CompletableFuture<Void> close() {
		this.supervisor.post(new SupervisorEvent.Close(this.options.drainTimeout()));
		return this.supervisor.terminated();
	}

}
