package io.vimap.boot.reactor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.vimap.Vimap;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class FluxImapIT {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private static ProcessPool<Integer, String> pool;

	@BeforeAll
	static void fork() {
		pool = fork(2);
	}

	@AfterAll
	static void close() {
		pool.close();
	}

	private static ProcessPool<Integer, String> fork(int processes) {
		return Vimap.forkIdentical(WorkerSpec.function(FluxImapIT::work), processes,
				PoolOptions.builder().restartIntensity(100).killGrace(Duration.ofMillis(100)).build());
	}

	/** Sleeps for a while if the number is negative. */
	static String work(int number) throws Exception {
		if (number == 13) {
			throw new IllegalArgumentException("unlucky");
		}
		if (number == 666) {
			System.exit(6);
		}
		if (number == 404) {
			return null;
		}
		if (number < 0) {
			Thread.sleep(-number);
		}
		return "#" + number;
	}

	@Test
	void resultsInOrderOnAnyThread() {
		List<Integer> numbers = IntStream.range(0, 2_000).boxed().toList();
		// A thread that must not be blocked.
		List<TaskResult<Integer, String>> results = Flux.fromIterable(numbers)
			.transform(FluxImap.ordered(pool, 64))
			.subscribeOn(Schedulers.parallel())
			.collectList()
			.block(LIMIT);
		assertThat(results).hasSize(2_000);
		for (int i = 0; i < 2_000; i++) {
			if (i != 13 && i != 666 && i != 404) {
				assertThat(results.get(i)).isEqualTo(new TaskResult.Output<>(i, "#" + i));
			}
		}
		assertThat(results.get(404)).isEqualTo(new TaskResult.Output<>(404, null));
		assertThat(results.get(13)).isInstanceOfSatisfying(TaskResult.Failure.class,
				(failure) -> assertThat(failure.exception().formattedTraceback())
					.contains("IllegalArgumentException: unlucky", "FluxImapIT.work"));
		assertThat(results.get(666)).isInstanceOfSatisfying(TaskResult.Failure.class,
				(failure) -> assertThat(failure.exception().value()).isInstanceOf(WorkerCrashedException.class));
	}

	@Test
	void unorderedLetsQuickOnesPass() {
		StepVerifier.create(Flux.just(-3_000, 1, 2, 3, 4).transform(FluxImap.unordered(pool, 5)).map(FluxImapIT::input))
			.recordWith(java.util.ArrayList::new)
			.expectNextCount(4)
			.consumeRecordedWith((early) -> assertThat(early).containsExactlyInAnyOrder(1, 2, 3, 4))
			.expectNext(-3_000)
			.expectComplete()
			.verify(LIMIT);
	}

	private static Integer input(TaskResult<Integer, String> result) {
		return ((TaskResult.Output<Integer, String>) result).input();
	}

	@Test
	void demandBoundsWhatIsPulled() {
		AtomicInteger pulled = new AtomicInteger();
		Flux<Integer> endless = Flux.<Integer, Integer>generate(() -> 0, (number, sink) -> {
			pulled.incrementAndGet();
			sink.next(number % 10);
			return number + 1;
		});
		AtomicInteger taken = new AtomicInteger();
		BaseSubscriber<TaskResult<Integer, String>> subscriber = new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(3);
			}

			@Override
			protected void hookOnNext(TaskResult<Integer, String> value) {
				taken.incrementAndGet();
			}

		};
		long before = pool.stats().succeeded();
		endless.transform(FluxImap.unordered(pool, 8)).subscribe(subscriber);
		await().atMost(LIMIT).until(() -> pool.stats().succeeded() == before + 11);
		assertThat(taken).hasValue(3);
		assertThat(pulled).hasValue(11);
		subscriber.request(20);
		await().atMost(LIMIT).until(() -> pool.stats().succeeded() == before + 31);
		assertThat(taken).hasValue(23);
		assertThat(pulled).hasValue(31);
		subscriber.cancel();
	}

	@Test
	void cancelTakesBackWhatHasNotBegunAndLetsFinishWhatRuns() throws Exception {
		try (ProcessPool<Integer, String> single = fork(1)) {
			assertThat(single.awaitReady(LIMIT)).isTrue();
			long pid = single.stats().workers().get(0).pid();
			AtomicBoolean upstreamCancelled = new AtomicBoolean();
			AtomicLong seen = new AtomicLong();
			var subscription = Flux.range(0, 1_000)
				.map((number) -> -500)
				.doOnCancel(() -> upstreamCancelled.set(true))
				.transform(FluxImap.unordered(single, 10))
				.subscribe((result) -> seen.incrementAndGet());
			await().atMost(LIMIT).until(() -> single.stats().workers().get(0).currentTask() != null);
			subscription.dispose();
			assertThat(upstreamCancelled).isTrue();
			await().atMost(LIMIT).until(() -> single.stats().inFlight() == 0 && single.stats().queueDepth() == 0);
			assertThat(single.submit(1).get()).isEqualTo("#1");
			assertThat(single.stats().workers().get(0).pid()).isEqualTo(pid);
			// The one that ran, at most one that was begun before the recall arrived.
			assertThat(single.stats().succeeded()).isLessThanOrEqualTo(3);
			assertThat(seen).hasValue(0);
		}
	}

	@Test
	void errorOfTheInputsComesAfterTheResultsUnderWay() {
		TestPublisher<Integer> inputs = TestPublisher.create();
		StepVerifier.create(inputs.flux().transform(FluxImap.unordered(pool, 8)).map(FluxImapIT::input))
			.then(() -> inputs.next(-300, -200).error(new IllegalStateException("cursor closed")))
			.expectNextCount(2)
			.expectErrorMessage("cursor closed")
			.verify(LIMIT);
	}

	/** Else it would look as if all inputs before the error had their results. */
	@Test
	void errorOfTheInputsTellsThatThePoolWasClosedUnderWay() {
		ProcessPool<Integer, String> closing = Vimap.forkIdentical(WorkerSpec.function(FluxImapIT::work), 1,
				PoolOptions.builder().drainTimeout(Duration.ZERO).build());
		TestPublisher<Integer> inputs = TestPublisher.create();
		StepVerifier.create(inputs.flux().transform(FluxImap.unordered(closing, 8)))
			.then(() -> inputs.next(-60_000, -60_000).error(new IllegalStateException("cursor closed")))
			.then(closing::close)
			.expectErrorSatisfies((failure) -> {
				assertThat(failure).hasMessage("cursor closed");
				assertThat(failure.getSuppressed()).singleElement().isInstanceOf(PoolClosedException.class);
			})
			.verify(LIMIT);
	}

	@Test
	void atLeastOneIsInFlight() {
		assertThatIllegalArgumentException().isThrownBy(() -> FluxImap.unordered(pool, 0))
			.withMessageContaining("maxInFlight is 0. Allowed: at least 1");
		assertThatIllegalArgumentException().isThrownBy(() -> FluxImap.ordered(pool, -1))
			.withMessageContaining("maxInFlight is -1. Allowed: at least 1");
	}

	@Test
	void closedPoolEndsAnEndlessFluxWithItsException() {
		ProcessPool<Integer, String> closed = fork(1);
		closed.close();
		StepVerifier.create(Flux.range(0, Integer.MAX_VALUE).transform(FluxImap.unordered(closed, 4)))
			.expectError(PoolClosedException.class)
			.verify(LIMIT);
	}

}
