package io.vimap.benchmarks.workers;

/**
 * A small record that travels as JSON.
 *
 * @param id a number
 * @param name a short text
 * @param amount a fraction
 * @param open a flag
 */
public record Order(int id, String name, double amount, boolean open) {

	/**
	 * Makes the order with a number.
	 * @param id the number
	 * @return an order
	 */
	public static Order of(int id) {
		return new Order(id, "order-" + id % 1000, id * 0.25, id % 2 == 0);
	}

}
