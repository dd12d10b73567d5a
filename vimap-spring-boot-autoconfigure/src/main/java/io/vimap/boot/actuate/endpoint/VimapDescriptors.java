package io.vimap.boot.actuate.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolState;
import io.vimap.pool.PoolStats;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the {@link VimapEndpoint} answers.
 */
public final class VimapDescriptors {

	private VimapDescriptors() {
	}

	/** More digits than a person wants to read. */
	private static Duration millis(Duration time) {
		return time.truncatedTo(ChronoUnit.MILLIS);
	}

	/**
	 * All pools.
	 *
	 * @param pools the pools by name
	 */
	public record PoolsDescriptor(Map<String, PoolSummaryDescriptor> pools) implements OperationResponseBody {
	}

	/**
	 * A pool in short.
	 *
	 * @param state its state
	 * @param paused whether it is paused
	 * @param size the number of processes it should have
	 * @param ready the number of processes that take tasks
	 * @param queueDepth tasks that wait for a worker
	 * @param inFlight tasks sent to workers and not yet answered
	 * @param succeeded tasks that ended with an output
	 * @param failed tasks that ended with a failure
	 */
	public record PoolSummaryDescriptor(PoolState state, boolean paused, int size, int ready, long queueDepth,
			long inFlight, long succeeded, long failed) {

		static PoolSummaryDescriptor of(PoolStats stats) {
			return new PoolSummaryDescriptor(stats.state(), stats.paused(), stats.size(), stats.ready(),
					stats.queueDepth(), stats.inFlight(), stats.succeeded(), stats.failed());
		}

	}

	/**
	 * A pool with its workers and their last exits.
	 *
	 * @param name its name
	 * @param state its state
	 * @param paused whether it is paused
	 * @param size the number of processes it should have
	 * @param ready the number of processes that take tasks
	 * @param spares the number of booted processes that wait for a seat
	 * @param queueDepth tasks that wait for a worker
	 * @param inFlight tasks sent to workers and not yet answered
	 * @param succeeded tasks that ended with an output
	 * @param failed tasks that ended with a failure
	 * @param retries tasks that were begun again
	 * @param restarts ended workers that were replaced, by reason
	 * @param bytesSent bytes sent to workers
	 * @param bytesReceived bytes received from workers
	 * @param workers the worker processes
	 * @param exits the last exits, newest first
	 */
	public record PoolDescriptor(String name, PoolState state, boolean paused, int size, int ready, int spares,
			long queueDepth, long inFlight, long succeeded, long failed, long retries, Map<ExitReason, Long> restarts,
			long bytesSent, long bytesReceived, List<WorkerDescriptor> workers,
			List<ExitDescriptor> exits) implements OperationResponseBody {

		static PoolDescriptor of(String name, PoolStats stats) {
			return new PoolDescriptor(name, stats.state(), stats.paused(), stats.size(), stats.ready(), stats.spares(),
					stats.queueDepth(), stats.inFlight(), stats.succeeded(), stats.failed(), stats.retries(),
					stats.restarts(), stats.bytesSent(), stats.bytesReceived(),
					stats.workers().stream().map(WorkerDescriptor::of).toList(),
					ExitDescriptor.newestFirst(stats.exits()));
		}

	}

	/**
	 * One worker process.
	 *
	 * @param index its seat
	 * @param pid its process id
	 * @param state its state
	 * @param incarnation its number among the processes that had this seat
	 * @param uptime time since it was launched
	 * @param tasks results it has delivered
	 * @param inFlight tasks sent to it and not yet answered
	 * @param currentTask the id of the task it runs
	 * @param currentTaskTime how long that task has run
	 * @param rss its resident memory in bytes
	 * @param cpu the processor time it has used
	 */
	public record WorkerDescriptor(int index, long pid, WorkerState state, int incarnation, Duration uptime, long tasks,
			int inFlight, @Nullable Long currentTask, @Nullable Duration currentTaskTime, @Nullable Long rss,
			@Nullable Duration cpu) {

		static WorkerDescriptor of(WorkerInfo info) {
			return new WorkerDescriptor(info.index(), info.pid(), info.state(), info.incarnation(),
					millis(info.uptime()), info.tasks(), info.inFlight(), info.currentTask(),
					(info.currentTaskTime() != null) ? millis(info.currentTaskTime()) : null,
					(info.rss() >= 0) ? info.rss() : null, info.cpu());
		}

	}

	/**
	 * One seat of a pool, with what the threads of its process are doing.
	 *
	 * @param worker the process; {@code null} if the seat has none now
	 * @param exits the last exits at its seat, newest first
	 * @param threadDump the stacks of its threads; {@code null} if it did not tell
	 */
	public record WorkerDetailsDescriptor(@Nullable WorkerDescriptor worker, List<ExitDescriptor> exits,
			@Nullable String threadDump) implements OperationResponseBody {
	}

	/**
	 * The end of one worker process.
	 *
	 * @param worker its seat
	 * @param pid its process id
	 * @param incarnation its number among the processes that had this seat
	 * @param reason why it ended
	 * @param status its exit code or signal in words
	 * @param when when it ended
	 * @param uptime time from launch to end
	 * @param tasks results it had delivered
	 * @param currentTask the id of the task it was running
	 * @param explanation all that is known, in words
	 */
	public record ExitDescriptor(int worker, long pid, int incarnation, ExitReason reason, String status, Instant when,
			Duration uptime, long tasks, @Nullable Long currentTask, String explanation) {

		static List<ExitDescriptor> newestFirst(List<WorkerExit> exits) {
			List<ExitDescriptor> result = new ArrayList<>(exits.stream().map(ExitDescriptor::of).toList());
			Collections.reverse(result);
			return result;
		}

		private static ExitDescriptor of(WorkerExit exit) {
			return new ExitDescriptor(exit.index(), exit.pid(), exit.incarnation(), exit.reason(), exit.status(),
					exit.when().truncatedTo(ChronoUnit.MILLIS), millis(exit.uptime()), exit.tasksDone(),
					exit.taskInFlight(), exit.explanation());
		}

	}

	/**
	 * Why an action was not taken up.
	 *
	 * @param reason what is wrong, and what is allowed
	 */
	public record RefusalDescriptor(String reason) implements OperationResponseBody {
	}

}
