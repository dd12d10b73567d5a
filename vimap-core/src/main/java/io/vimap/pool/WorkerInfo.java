package io.vimap.pool;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One worker process at a moment.
 *
 * @param index the seat
 * @param pid the process id
 * @param state the state of the process
 * @param incarnation its number among the processes that had this seat, counted from 1
 * @param uptime time since the process was launched
 * @param tasks results this process has delivered
 * @param inFlight tasks sent to the process and not yet answered
 * @param currentTask the id of the task it runs, or {@code null} if it runs none
 * @param currentTaskTime how long that task has run, or {@code null}
 * @param rss the resident memory in bytes, or −1 if the platform does not tell
 * @param cpu the processor time used so far, or {@code null} if the platform does not
 * tell
 */
public record WorkerInfo(int index, long pid, WorkerState state, int incarnation, Duration uptime, long tasks,
		int inFlight, @Nullable Long currentTask, @Nullable Duration currentTaskTime, long rss,
		@Nullable Duration cpu) {
}
