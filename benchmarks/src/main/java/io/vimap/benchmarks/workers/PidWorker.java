package io.vimap.benchmarks.workers;

import io.vimap.worker.Worker;

/**
 * Tells which process has run a task.
 */
public final class PidWorker implements Worker<Integer, Long> {

	@Override
	public Long process(Integer input) {
		return ProcessHandle.current().pid();
	}

}
