package io.vimap.boot.client;

import org.jspecify.annotations.Nullable;

/**
 * One call of a client's method: the input of its pool.
 *
 * @param <C> the client
 */
@SuppressWarnings("UnusedTypeParameter") // tells pools of different clients apart
public final class ClientCall<C> {

	private final ClientMethod method;

	private final @Nullable Object[] arguments;

	ClientCall(ClientMethod method, @Nullable Object[] arguments) {
		this.method = method;
		this.arguments = arguments;
	}

	ClientMethod method() {
		return this.method;
	}

	@Nullable Object[] arguments() {
		return this.arguments;
	}

	@Override
	public String toString() {
		return this.method.toString();
	}

}
