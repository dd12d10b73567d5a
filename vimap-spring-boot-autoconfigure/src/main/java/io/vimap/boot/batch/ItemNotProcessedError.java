package io.vimap.boot.batch;

/**
 * An item has not been processed for a reason that is not its own: its step is
 * interrupted or has ended. This is an {@link Error} because a step takes any
 * {@link Exception} for a fault of the item: with {@code skip(Exception.class)} it would
 * skip the item and commit the chunk without it, and no restart would process it. It has
 * no cause because a step looks for what it skips among the causes, too.
 */
final class ItemNotProcessedError extends Error {

	private static final long serialVersionUID = 1L;

	ItemNotProcessedError(String reason) {
		super("Item not processed: " + reason);
	}

}
