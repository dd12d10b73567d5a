package io.vimap.protocol;

import java.lang.ref.WeakReference;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the last large array for the next large frame, until the garbage collector wants
 * its memory. So a stream of large payloads does not allocate for each of them, and
 * nobody has to notice that it has ended. Not safe for use by several threads at once.
 */
final class SpareArray {

	private @Nullable WeakReference<byte[]> last;

	/**
	 * Returns an array, which is forgotten here.
	 * @param size how long it must be at least
	 * @return the array that was given back if it is long enough, else a new one
	 */
	byte[] take(int size) {
		byte[] spare = (this.last != null) ? this.last.get() : null;
		if (spare == null || spare.length < size) {
			return new byte[size];
		}
		this.last = null;
		return spare;
	}

	/**
	 * Remembers an array that is not used any more.
	 * @param array the array
	 */
	void give(byte[] array) {
		this.last = new WeakReference<>(array);
	}

}
