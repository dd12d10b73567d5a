package io.vimap.benchmarks.workers;

import io.vimap.benchmarks.reference.CpuWork;
import io.vimap.worker.Worker;

/**
 * Works for as many rounds as its input says.
 */
public final class CpuWorker implements Worker<Integer, Integer> {

	@Override
	public Integer process(Integer input) {
		return CpuWork.run(input);
	}

}
