package io.vimap.boot;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.origin.Origin;

/**
 * A pool can't be created from what the application says about it. Names the property,
 * its value, where it comes from and what to do, as far as there is a property.
 */
public final class InvalidPoolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String pool;

	private final String problem;

	private final String action;

	private final transient @Nullable Property property;

	/**
	 * Creates an exception for one pool.
	 * @param pool the pool's name
	 * @param problem what is wrong, in a sentence
	 * @param action what to do about it, in a sentence
	 * @param property the property that is to blame, or {@code null}
	 * @param cause what was thrown, or {@code null}
	 */
	public InvalidPoolException(String pool, String problem, String action, @Nullable Property property,
			@Nullable Throwable cause) {
		super("Pool '" + pool + "' can't be created: " + problem + ((property != null) ? " (" + property + ")" : "")
				+ " " + action, cause);
		this.pool = pool;
		this.problem = problem;
		this.action = action;
		this.property = property;
	}

	/**
	 * Returns the name of the pool.
	 * @return the pool's name
	 */
	public String getPool() {
		return this.pool;
	}

	/**
	 * Returns what is wrong.
	 * @return a sentence
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Returns what to do about it.
	 * @return a sentence
	 */
	public String getAction() {
		return this.action;
	}

	/**
	 * Returns the property that is to blame.
	 * @return the property, or {@code null} if it is none
	 */
	public @Nullable Property getProperty() {
		return this.property;
	}

	/**
	 * A property as it was found.
	 *
	 * @param name its full name
	 * @param value its value, or {@code null} if it is not set
	 * @param origin where it was set, or {@code null} if that is not known
	 */
	public record Property(String name, @Nullable Object value, @Nullable Origin origin) {

		@Override
		public String toString() {
			return this.name + ((this.value != null) ? "=" + this.value : "")
					+ ((this.origin != null) ? " from " + this.origin : "");
		}

	}

}
