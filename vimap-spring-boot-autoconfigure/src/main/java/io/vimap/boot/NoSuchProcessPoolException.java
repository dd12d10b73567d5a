package io.vimap.boot;

import java.util.Collection;

/**
 * There is no pool of that name, or it is one of other types.
 */
public final class NoSuchProcessPoolException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String name;

	/**
	 * Creates an exception for an unknown name.
	 * @param name the name that was asked for
	 * @param names the names there are
	 */
	public NoSuchProcessPoolException(String name, Collection<String> names) {
		this(name, "There is no process pool '" + name + "'. "
				+ (names.isEmpty() ? "There are no pools at all" : "There are: " + String.join(", ", names)) + ".");
	}

	/**
	 * Creates an exception for a pool that is not what was asked for.
	 * @param name the name that was asked for
	 * @param message what is wrong
	 */
	public NoSuchProcessPoolException(String name, String message) {
		super(message);
		this.name = name;
	}

	/**
	 * Returns the name that was asked for.
	 * @return the pool's name
	 */
	public String getName() {
		return this.name;
	}

}
