package io.vimap.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the repetitions of one measurement gave.
 */
public final class Samples {

	private final List<Double> values = new ArrayList<>();

	/**
	 * Creates samples.
	 * @param values the values so far
	 * @return new samples
	 */
	public static Samples of(double... values) {
		Samples samples = new Samples();
		for (double value : values) {
			samples.add(value);
		}
		return samples;
	}

	/**
	 * Adds the value of one more repetition.
	 * @param value the value
	 */
	public void add(double value) {
		this.values.add(value);
	}

	/**
	 * Returns the number of repetitions.
	 * @return how many values there are
	 */
	public int size() {
		return this.values.size();
	}

	/**
	 * Returns the median.
	 * @return the middle value, the mean of both if there are two
	 */
	public double median() {
		return median(this.values);
	}

	/**
	 * Returns a percentile.
	 * @param share the share of values below it, from 0 to 1
	 * @return the value at that place
	 */
	public double percentile(double share) {
		List<Double> sorted = sorted(this.values);
		return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * sorted.size())));
	}

	/**
	 * Returns the smallest value.
	 * @return the minimum
	 */
	public double min() {
		return Collections.min(this.values);
	}

	/**
	 * Returns the largest value.
	 * @return the maximum
	 */
	public double max() {
		return Collections.max(this.values);
	}

	/**
	 * Compares with another measurement, repetition by repetition: what disturbs the
	 * machine for longer than one of them disturbs both.
	 * @param other as many samples of something else
	 * @return the median of the ratios
	 */
	public double ratioTo(Samples other) {
		if (other.size() != size()) {
			return median() / other.median();
		}
		List<Double> ratios = new ArrayList<>();
		for (int i = 0; i < size(); i++) {
			ratios.add(this.values.get(i) / other.values.get(i));
		}
		return median(ratios);
	}

	private static List<Double> sorted(List<Double> values) {
		if (values.isEmpty()) {
			throw new IllegalStateException("nothing was measured");
		}
		List<Double> sorted = new ArrayList<>(values);
		Collections.sort(sorted);
		return sorted;
	}

	private static double median(List<Double> values) {
		List<Double> sorted = sorted(values);
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
	}

}
