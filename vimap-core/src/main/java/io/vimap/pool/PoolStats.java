package io.vimap.pool;

import java.util.List;
import java.util.Map;

/**
 * Figures about a pool at a moment. Counters count from the creation of the pool.
 *
 * @param pool the pool's name
 * @param state its state
 * @param paused whether it is paused
 * @param size the number of processes it should have
 * @param ready the number of processes that take tasks
 * @param spares the number of booted processes that wait for a seat
 * @param queueDepth tasks that wait for a worker
 * @param inFlight tasks sent to workers and not yet answered
 * @param succeeded tasks that ended with an output
 * @param failed tasks that ended with a failure; those that their callers have taken back
 * are not among them
 * @param retries tasks that were begun again
 * @param restarts ended workers that were replaced, by reason, planned ones included
 * @param bytesSent bytes sent to workers, those in shared memory included
 * @param bytesReceived bytes received from workers, those in shared memory included
 * @param workers the worker processes by seat; one that finishes its last tasks because
 * it is recycled, or because the pool was made smaller, stands after its successor
 * @param exits the last exits, newest last, at most 20; those that a failure of the pool
 * has brought about are not among them
 */
public record PoolStats(String pool, PoolState state, boolean paused, int size, int ready, int spares, long queueDepth,
		long inFlight, long succeeded, long failed, long retries, Map<ExitReason, Long> restarts, long bytesSent,
		long bytesReceived, List<WorkerInfo> workers, List<WorkerExit> exits) {

	public PoolStats {
		restarts = Map.copyOf(restarts);
		workers = List.copyOf(workers);
		exits = List.copyOf(exits);
	}

}
