package io.vimap.boot.reactor;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.VimapException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Runs the elements of a {@link Flux} through a pool:
 *
 * <pre>{@code
 * Flux<TaskResult<Page, byte[]>> results = pages.transform(FluxImap.unordered(pool, 16));
 * }</pre>
 *
 * No thread waits, so it can be subscribed to on any.
 * <ul>
 * <li>Back-pressure: there is room for {@code maxInFlight} inputs whose results have not
 * been taken, and an input is requested only when there is room for it.
 * <li>A failed task is a value, as with {@code Imap.zipInOutTyp}. A pool that is closed
 * or has failed ends the Flux with its exception.
 * <li>An error of the inputs comes after the results of the inputs before it. If the pool
 * was closed or failed meanwhile, so that some are missing, it has that suppressed.
 * <li>Cancelling takes back what no worker has begun and lets what runs finish unseen.
 * </ul>
 */
public final class FluxImap {

	private FluxImap() {
	}

	/**
	 * Delivers results as they are ready.
	 * @param pool the pool
	 * @param maxInFlight the bound on inputs pulled and results not taken, at least 1.
	 * Twice the number of processes keeps them busy; more if tasks are short
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return for {@link Flux#transform}
	 * @throws IllegalArgumentException if {@code maxInFlight} is less than 1
	 */
	public static <I, O extends @Nullable Object> Function<Publisher<I>, Flux<TaskResult<I, O>>> unordered(
			ProcessPool<I, O> pool, int maxInFlight) {
		return through(pool, maxInFlight, (inputs, run) -> inputs.flatMapDelayError(run, maxInFlight, 1));
	}

	/**
	 * Delivers results in the order of their inputs.
	 * @param pool the pool
	 * @param maxInFlight the bound on inputs pulled and results not taken, at least 1.
	 * What has overtaken a slow one waits, and counts
	 * @param <I> the type of an input
	 * @param <O> the type of an output
	 * @return for {@link Flux#transform}
	 * @throws IllegalArgumentException if {@code maxInFlight} is less than 1
	 */
	public static <I, O extends @Nullable Object> Function<Publisher<I>, Flux<TaskResult<I, O>>> ordered(
			ProcessPool<I, O> pool, int maxInFlight) {
		return through(pool, maxInFlight, (inputs, run) -> inputs.flatMapSequentialDelayError(run, maxInFlight, 1));
	}

	private static <I, O extends @Nullable Object> Function<Publisher<I>, Flux<TaskResult<I, O>>> through(
			ProcessPool<I, O> pool, int maxInFlight,
			BiFunction<Flux<I>, Function<I, Mono<TaskResult<I, O>>>, Flux<TaskResult<I, O>>> operator) {
		if (maxInFlight < 1) {
			throw new IllegalArgumentException("FluxImap: maxInFlight is " + maxInFlight + ". Allowed: at least 1.");
		}
		return (inputs) -> Flux.defer(() -> {
			// Errors are delayed, so a broken pool has to stop the inputs itself.
			Sinks.Empty<Void> broken = Sinks.empty();
			return operator.apply(Flux.from(inputs).takeUntilOther(broken.asMono()),
					(input) -> run(pool, input).doOnError((failure) -> broken.tryEmitEmpty()));
		}).onErrorMap(Exceptions::isMultiple, FluxImap::first);
	}

	/**
	 * Of a broken pool all tasks fail alike, and one stands for them. An error of the
	 * inputs does not hide that results are missing.
	 */
	private static Throwable first(Throwable all) {
		List<Throwable> failures = Exceptions.unwrapMultiple(all);
		Throwable first = failures.get(0);
		failures.stream()
			.filter((failure) -> failure.getClass() != first.getClass())
			.findFirst()
			.ifPresent(first::addSuppressed);
		return first;
	}

	private static <I, O extends @Nullable Object> Mono<TaskResult<I, O>> run(ProcessPool<I, O> pool, I input) {
		return Mono.defer(() -> {
			CompletableFuture<O> task = pool.submit(input);
			// The Mono's own cancel would interrupt a task that runs.
			return Mono.fromFuture(task.handle((output, failure) -> result(input, output, failure)), true)
				.doOnCancel(() -> task.cancel(false));
		});
	}

	private static <I, O extends @Nullable Object> TaskResult<I, O> result(I input, O output,
			@Nullable Throwable failure) {
		if (failure == null) {
			return new TaskResult.Output<>(input, output);
		}
		if (failure instanceof PoolFailedException || failure instanceof PoolClosedException) {
			throw (VimapException) failure;
		}
		return new TaskResult.Failure<>(input, ExceptionContext.of(failure));
	}

}
