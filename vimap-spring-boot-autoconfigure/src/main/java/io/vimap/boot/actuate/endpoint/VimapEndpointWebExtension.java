package io.vimap.boot.actuate.endpoint;

import java.util.function.Supplier;

import io.vimap.boot.actuate.endpoint.VimapDescriptors.PoolDescriptor;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.PoolAction;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.WorkerAction;
import io.vimap.pool.PoolClosedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link VimapEndpoint}:
 * writes to what does not exist are answered with 404, writes to a pool that is stopped
 * with 409.
 */
@EndpointWebExtension(endpoint = VimapEndpoint.class)
public class VimapEndpointWebExtension {

	private static final int STATUS_CONFLICT = 409;

	private final VimapEndpoint delegate;

	/**
	 * Creates an extension.
	 * @param delegate the endpoint
	 */
	public VimapEndpointWebExtension(VimapEndpoint delegate) {
		this.delegate = delegate;
	}

	/**
	 * Acts on a pool.
	 * @param pool the pool's name
	 * @param action what to do
	 * @param size the new size, for {@link PoolAction#RESIZE} only
	 * @return the pool after that
	 */
	@WriteOperation
	public WebEndpointResponse<PoolDescriptor> changePool(@Selector String pool, PoolAction action,
			@Nullable Integer size) {
		return respond(() -> this.delegate.changePool(pool, action, size));
	}

	/**
	 * Acts on a worker.
	 * @param pool the pool's name
	 * @param worker the worker's seat
	 * @param action what to do
	 * @return the pool after that
	 */
	@WriteOperation
	public WebEndpointResponse<PoolDescriptor> changeWorker(@Selector String pool, @Selector int worker,
			WorkerAction action) {
		return respond(() -> this.delegate.changeWorker(pool, worker, action));
	}

	private static WebEndpointResponse<PoolDescriptor> respond(Supplier<@Nullable PoolDescriptor> operation) {
		try {
			PoolDescriptor result = operation.get();
			return (result != null) ? new WebEndpointResponse<>(result)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (PoolClosedException ex) {
			return new WebEndpointResponse<>(STATUS_CONFLICT);
		}
	}

}
