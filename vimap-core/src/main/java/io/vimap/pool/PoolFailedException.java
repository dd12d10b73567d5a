package io.vimap.pool;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The pool gave up: its workers died more often than {@code restart.intensity} allows
 * within {@code restart.period}, or while none was ready; or the first can't be started
 * because {@code java-home}, {@code command-prefix} or {@code working-directory} name
 * what doesn't exist. It stays so until {@link ProcessPool#resume}.
 */
public final class PoolFailedException extends VimapException {

	private static final long serialVersionUID = 1L;

	private final List<WorkerExit> exits;

	/**
	 * Creates an exception for a failed pool.
	 * @param pool the pool's name
	 * @param limit the limit that was hit, in words
	 * @param exits the last exits, newest last
	 */
	public PoolFailedException(String pool, String limit, List<WorkerExit> exits) {
		super(pool, message(pool, limit, exits), cause(exits));
		this.exits = List.copyOf(exits);
	}

	private static String message(String pool, String limit, List<WorkerExit> exits) {
		StringBuilder text = new StringBuilder("pool '").append(pool)
			.append("' has failed: ")
			.append(limit)
			.append("; call resume() (or POST {\"action\": \"resume\"}) once the cause is mended");
		for (int i = 0; i < exits.size(); i++) {
			String explanation = exits.get(i).explanation();
			// Mostly they are the same: the last one in full will do.
			int end = (i < exits.size() - 1) ? explanation.indexOf('\n') : -1;
			text.append("\n- ").append((end >= 0) ? explanation.substring(0, end) : explanation);
		}
		return text.toString();
	}

	private static @Nullable Throwable cause(List<WorkerExit> exits) {
		for (int i = exits.size() - 1; i >= 0; i--) {
			ExceptionContext failure = exits.get(i).failure();
			if (failure != null) {
				return failure.value();
			}
		}
		return null;
	}

	/**
	 * Returns the last exits that led here, newest last.
	 * @return an immutable list
	 */
	public List<WorkerExit> exits() {
		return this.exits;
	}

}
