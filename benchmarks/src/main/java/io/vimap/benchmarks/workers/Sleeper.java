package io.vimap.benchmarks.workers;

import io.vimap.worker.Worker;

/**
 * Sleeps for as many milliseconds as its input says.
 */
public final class Sleeper implements Worker<Integer, Integer> {

	@Override
	public Integer process(Integer input) throws InterruptedException {
		Thread.sleep(input);
		return input;
	}

}
