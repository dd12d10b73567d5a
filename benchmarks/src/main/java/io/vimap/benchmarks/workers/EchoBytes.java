package io.vimap.benchmarks.workers;

import io.vimap.worker.Worker;

/**
 * Returns its input.
 */
public final class EchoBytes implements Worker<byte[], byte[]> {

	@Override
	public byte[] process(byte[] input) {
		return input;
	}

}
