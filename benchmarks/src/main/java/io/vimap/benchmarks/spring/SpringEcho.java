package io.vimap.benchmarks.spring;

import io.vimap.boot.VimapWorker;
import io.vimap.worker.Worker;

/**
 * Returns its input.
 */
@VimapWorker("spring-echo")
public class SpringEcho implements Worker<Integer, Integer> {

	@Override
	public Integer process(Integer input) {
		return input;
	}

}
