package io.vimap.benchmarks.reference;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;

import io.vimap.benchmarks.Samples;
import net.viktorc.pp4j.api.JavaProcessExecutorService;
import net.viktorc.pp4j.impl.ProcessExecutors;

/**
 * A peer that forks JVMs, too: PP4J, with its default options. It sends each task as a
 * serialized object in Base64 over standard input, one at a time per process.
 */
public final class Pp4j implements AutoCloseable {

	private final JavaProcessExecutorService pool;

	/**
	 * Starts JVMs.
	 * @param processes how many
	 * @throws InterruptedException if the thread is interrupted
	 */
	public Pp4j(int processes) throws InterruptedException {
		this.pool = ProcessExecutors.newFixedJavaProcessPool(processes);
	}

	/**
	 * Submits integers that come back, all at once.
	 * @param count how many
	 * @return tasks per second
	 * @throws Exception if one fails
	 */
	public double echo(int count) throws Exception {
		long begin = System.nanoTime();
		List<Future<Integer>> futures = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			futures.add(this.pool.submit(new Echo(i), false));
		}
		for (Future<Integer> future : futures) {
			future.get();
		}
		return count * 1e9 / (System.nanoTime() - begin);
	}

	/**
	 * Submits integers, one after the other.
	 * @param count how many
	 * @return nanoseconds of each
	 * @throws Exception if one fails
	 */
	public Samples roundTrips(int count) throws Exception {
		Samples samples = new Samples();
		for (int i = 0; i < count; i++) {
			long begin = System.nanoTime();
			this.pool.submit(new Echo(i), false).get();
			samples.add((double) (System.nanoTime() - begin));
		}
		return samples;
	}

	@Override
	public void close() {
		this.pool.shutdown();
	}

	private record Echo(int input) implements Callable<Integer>, Serializable {

		@Override
		public Integer call() {
			return this.input;
		}

	}

}
