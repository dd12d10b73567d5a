package io.vimap.benchmarks.workers;

import io.vimap.worker.Worker;

/**
 * Returns its input.
 */
public final class EchoOrder implements Worker<Order, Order> {

	@Override
	public Order process(Order input) {
		return input;
	}

}
