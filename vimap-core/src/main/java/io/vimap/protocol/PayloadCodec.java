package io.vimap.protocol;

import java.lang.reflect.Type;

/**
 * Decides how the values of a type travel between parent and child. A pool's
 * {@code codec} option names the implementation: {@code auto} or a class of the user's
 * own, with a public no-arg constructor, on both sides' class path. Safe for use by many
 * threads.
 */
public interface PayloadCodec {

	/**
	 * Returns the codec for the values of one declared type. Called once per type and
	 * process.
	 * @param type the declared type: a class, a parameterized type, …
	 * @return the codec for its values
	 * @throws IllegalArgumentException if values of this type could not be decoded again;
	 * the message says what to declare instead
	 */
	ValueCodec forType(Type type);

}
