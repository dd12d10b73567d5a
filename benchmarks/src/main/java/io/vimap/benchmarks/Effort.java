package io.vimap.benchmarks;

/**
 * How much is measured.
 *
 * @param repetitions how often each contestant runs
 * @param smoke whether it only matters that everything runs
 */
public record Effort(int repetitions, boolean smoke) {

	/**
	 * Returns a number that fits.
	 * @param full for figures
	 * @param little for a smoke run
	 * @return one of both
	 */
	public int pick(int full, int little) {
		return this.smoke ? little : full;
	}

}
