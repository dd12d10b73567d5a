package io.vimap.benchmarks.workers;

import io.vimap.worker.Worker;

/**
 * Returns its input.
 */
public final class EchoInteger implements Worker<Integer, Integer> {

	@Override
	public Integer process(Integer input) {
		return input;
	}

}
