package io.vimap.boot.actuate.endpoint;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import io.vimap.boot.actuate.endpoint.VimapDescriptors.RefusalDescriptor;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.PoolAction;
import io.vimap.boot.actuate.endpoint.VimapEndpoint.WorkerAction;
import io.vimap.pool.PoolClosedException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionException;

/**
 * {@link EndpointWebExtension @EndpointWebExtension} for the {@link VimapEndpoint}: what
 * does not exist is answered with 404, writes to a pool that is stopped with 409 and a
 * reason, requests that make no sense with 400 and a reason.
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
	 * Acts on a pool. Takes text, so that what is wrong with it can be told.
	 * @param pool the pool's name
	 * @param action what to do, a {@link PoolAction}
	 * @param size the new size, for {@link PoolAction#RESIZE} only
	 * @return the pool after that
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> changePool(@Selector String pool, @Nullable String action,
			@Nullable String size) {
		return respond(() -> this.delegate.changePool(pool, action(PoolAction.class, action), number(size)));
	}

	/**
	 * Shows one worker. Takes text, as {@link #changePool} does.
	 * @param pool the pool's name
	 * @param worker the worker's seat
	 * @return the worker, with a thread dump taken at this moment
	 */
	@ReadOperation
	public WebEndpointResponse<OperationResponseBody> worker(@Selector String pool, @Selector String worker) {
		return respond(() -> this.delegate.worker(pool, seat(worker)));
	}

	/**
	 * Acts on a worker.
	 * @param pool the pool's name
	 * @param worker the worker's seat
	 * @param action what to do, a {@link WorkerAction}
	 * @return the pool after that
	 */
	@WriteOperation
	public WebEndpointResponse<OperationResponseBody> changeWorker(@Selector String pool, @Selector String worker,
			@Nullable String action) {
		return respond(() -> this.delegate.changeWorker(pool, seat(worker), action(WorkerAction.class, action)));
	}

	private static WebEndpointResponse<OperationResponseBody> respond(
			Supplier<? extends @Nullable OperationResponseBody> operation) {
		try {
			OperationResponseBody result = operation.get();
			return (result != null) ? new WebEndpointResponse<>(result)
					: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		catch (InvalidEndpointRequestException ex) {
			// Thrown on, it would be a 400 that keeps the reason to itself.
			return new WebEndpointResponse<>(new RefusalDescriptor(String.valueOf(ex.getReason())),
					WebEndpointResponse.STATUS_BAD_REQUEST);
		}
		catch (PoolClosedException ex) {
			return new WebEndpointResponse<>(new RefusalDescriptor(String.valueOf(ex.getMessage())), STATUS_CONFLICT);
		}
	}

	private static <A extends Enum<A>> A action(Class<A> type, @Nullable String action) {
		A found = convert(action, type);
		if (found == null) {
			throw VimapEndpoint.invalid("action",
					"one of " + Arrays.stream(type.getEnumConstants())
						.map((constant) -> constant.name().toLowerCase(Locale.ROOT))
						.collect(Collectors.joining(", ")),
					action);
		}
		return found;
	}

	private static int seat(String worker) {
		Integer seat = convert(worker, Integer.class);
		if (seat == null) {
			throw VimapEndpoint.invalid("worker", "a whole number from 0 on", worker);
		}
		return seat;
	}

	private static @Nullable Integer number(@Nullable String size) {
		Integer number = convert(size, Integer.class);
		if (number == null && size != null) {
			throw VimapEndpoint.invalidSize(size);
		}
		return number;
	}

	/** As Actuator does with the parameters of an operation. */
	private static <T> @Nullable T convert(@Nullable String text, Class<T> type) {
		try {
			return ApplicationConversionService.getSharedInstance().convert(text, type);
		}
		catch (ConversionException ex) {
			return null;
		}
	}

}
