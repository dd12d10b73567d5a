package io.vimap.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Runs several measurements in turns, so that all of them meet the same machine: A B C A
 * B C, never A A B B C C.
 */
public final class SideBySide {

	/** Measures once. */
	@FunctionalInterface
	public interface Measurement {

		/**
		 * Measures.
		 * @return the figure
		 * @throws Exception if it can't be measured
		 */
		double take() throws Exception;

	}

	private record Contestant(Measurement measurement, Samples samples) {
	}

	private final List<Contestant> contestants = new ArrayList<>();

	/**
	 * Runs measurements in turns and forgets what they give, so that the compilers are
	 * done with them.
	 * @param rounds how often
	 * @param measurements what is measured afterwards
	 * @throws Exception if something can't be measured
	 */
	public static void warmUp(int rounds, Measurement... measurements) throws Exception {
		for (int i = 0; i < rounds; i++) {
			for (Measurement measurement : measurements) {
				measurement.take();
			}
		}
	}

	/**
	 * Adds a contestant.
	 * @param measurement measures once
	 * @return the samples, to be filled by {@link #run}
	 */
	public Samples add(Measurement measurement) {
		Samples samples = new Samples();
		this.contestants.add(new Contestant(measurement, samples));
		return samples;
	}

	/**
	 * Runs all contestants in turns.
	 * @param repetitions how often
	 * @throws Exception if something can't be measured
	 */
	public void run(int repetitions) throws Exception {
		for (int i = 0; i < repetitions; i++) {
			for (Contestant contestant : this.contestants) {
				contestant.samples().add(contestant.measurement().take());
			}
		}
	}

}
