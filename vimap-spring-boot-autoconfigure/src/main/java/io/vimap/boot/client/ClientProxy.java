package io.vimap.boot.client;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.vimap.pool.ProcessPool;
import io.vimap.pool.VimapException;
import io.vimap.pool.WorkerException;
import org.jspecify.annotations.Nullable;

/**
 * A client as the application sees it: each call is a task of the pool.
 *
 * @param <C> the interface
 */
public final class ClientProxy<C> implements InvocationHandler {

	private static final @Nullable Object[] NO_ARGUMENTS = {};

	private final ClientInterface client;

	private final ProcessPool<ClientCall<C>, @Nullable Object> pool;

	private ClientProxy(Class<C> type, ProcessPool<ClientCall<C>, @Nullable Object> pool) {
		this.client = new ClientInterface(type);
		this.pool = pool;
	}

	/**
	 * Creates a client.
	 * @param type the interface
	 * @param pool the pool; its workers are {@link ClientWorker}s for that interface
	 * @param <C> the interface
	 * @return a proxy, safe for use by many threads
	 */
	public static <C> C create(Class<C> type, ProcessPool<ClientCall<C>, @Nullable Object> pool) {
		return type.cast(
				Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, new ClientProxy<>(type, pool)));
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
			throws Throwable {
		@Nullable Object[] given = (arguments != null) ? arguments : NO_ARGUMENTS;
		if (method.getDeclaringClass() == Object.class) {
			return switch (method.getName()) {
				case "equals" -> proxy == given[0];
				case "hashCode" -> System.identityHashCode(proxy);
				default -> this.client.type().getSimpleName() + " client of process pool '" + this.pool.name() + "'";
			};
		}
		ClientMethod called = this.client.find(method);
		if (called == null) {
			return invokeDefault(proxy, method, given);
		}
		CompletableFuture<@Nullable Object> future = this.pool.submit(new ClientCall<>(called, given));
		return called.isAsynchronous() ? future : await(called, future);
	}

	/** Not {@link InvocationHandler#invokeDefault}: the interface may not be public. */
	private static @Nullable Object invokeDefault(Object proxy, Method method, @Nullable Object[] arguments)
			throws Throwable {
		Class<?> declaring = method.getDeclaringClass();
		return MethodHandles.privateLookupIn(declaring, MethodHandles.lookup())
			.unreflectSpecial(method, declaring)
			.bindTo(proxy)
			.invokeWithArguments(arguments);
	}

	private @Nullable Object await(ClientMethod called, CompletableFuture<@Nullable Object> future) throws Throwable {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			throw translate(called, (ex.getCause() != null) ? ex.getCause() : ex);
		}
		catch (InterruptedException ex) {
			future.cancel(true);
			if (called.declares(ex)) {
				throw ex;
			}
			Thread.currentThread().interrupt();
			throw new CancellationException(
					"The thread that waited for " + called + " in pool '" + this.pool.name() + "' was interrupted.");
		}
	}

	private static Throwable translate(ClientMethod called, Throwable failure) {
		Throwable cause = failure.getCause();
		if (failure instanceof WorkerException && cause != null && called.declares(cause)) {
			return cause;
		}
		// It was made on a thread of the pool's; its cause has the frames of the child.
		return (failure instanceof VimapException) ? failure.fillInStackTrace() : failure;
	}

}
