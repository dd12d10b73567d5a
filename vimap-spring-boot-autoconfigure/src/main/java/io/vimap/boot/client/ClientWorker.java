package io.vimap.boot.client;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.vimap.worker.Worker;
import org.jspecify.annotations.Nullable;

/**
 * Runs calls in the child, on the object that implements the client.
 */
public final class ClientWorker implements Worker<ClientCall<?>, Object> {

	private final Object target;

	/**
	 * Creates a worker.
	 * @param target implements the client
	 */
	public ClientWorker(Object target) {
		this.target = target;
	}

	@Override
	public Object process(ClientCall<?> call) throws Exception {
		ClientMethod method = call.method();
		try {
			Object returned = method.method().invoke(this.target, call.arguments());
			return new ClientResult(method, method.isAsynchronous() ? awaited(method, returned) : returned);
		}
		catch (InvocationTargetException | ExecutionException ex) {
			throw ClientWorker.<Exception>any((ex.getCause() != null) ? ex.getCause() : ex);
		}
	}

	/** Also what is neither an exception nor an error: a method may declare it. */
	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T extends Throwable> T any(Throwable thrown) throws T {
		throw (T) thrown;
	}

	private @Nullable Object awaited(ClientMethod method, @Nullable Object future) throws Exception {
		if (future == null) {
			throw new NullPointerException(
					this.target.getClass().getName() + " returned null for " + method + " where a future is expected");
		}
		return ((CompletableFuture<?>) future).get();
	}

}
