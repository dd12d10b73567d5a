package io.vimap.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.dispatch.DispatchHarness.FakeRun;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerException;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.vimap.dispatch.DispatchHarness.failure;
import static io.vimap.dispatch.DispatchHarness.options;
import static io.vimap.dispatch.DispatchHarness.outputs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

/**
 * The path of tasks through the dispatcher, event by event: which worker gets what, and
 * what becomes of it when the pool pauses, fails or ends.
 */
class TaskDispatcherTests {

	private static final Duration FAST = Duration.ofNanos(10_000);

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	@Test
	void whatCannotBeDoneInATurnDoesNotKeepTheRestFromBeingDone() {
		this.harness.start(options());
		List<String> done = new ArrayList<>();
		StackOverflowError overflow = new StackOverflowError("three");
		Turn turn = this.harness.dispatcher.begin();
		turn.afterwards(() -> {
			throw new AssertionError("one");
		});
		turn.afterwards(() -> done.add("two"));
		turn.afterwards(() -> {
			throw overflow;
		});
		turn.afterwards(() -> done.add("four"));
		assertThatThrownBy(turn::close).hasMessage("one").hasSuppressedException(overflow);
		assertThat(done).containsExactly("two", "four");
	}

	// Who gets what

	@Test
	void aWorkerHoldsOneTaskBeyondTheRunningOneUntilItsSpeedIsKnown() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(4);
		assertThat(worker.received()).containsExactly("TASK 1 1", "TASK 2 2");
		worker.answers(1);
		assertThat(worker.received()).containsExactly("TASK 3 3");
		assertThat(outputs(futures)).containsExactly("1!", "unfinished", "unfinished", "unfinished");
	}

	@Test
	void aFastWorkerGetsManyTasksAndASlowOneFewAgain() {
		FakeWorker worker = this.harness.start(options());
		this.harness.submitAll(500);
		worker.answersAfter(FAST, 1);
		assertThat(worker.received()).hasSize(400);
		worker.answersAfter(Duration.ofSeconds(1), 2);
		assertThat(worker.received()).isEmpty();
	}

	@Test
	void whileQuickTasksRunNewOnesGoWithTheNextAnswer() {
		FakeWorker worker = this.harness.start(options());
		this.harness.submitAll(2);
		worker.answersAfter(FAST, 1);
		this.harness.submitAll(3);
		assertThat(worker.received()).isEmpty();
		worker.answersAfter(FAST, 2);
		assertThat(worker.received()).containsExactly("TASK 3 1", "TASK 4 2", "TASK 5 3");
		this.harness.submit("x");
		worker.answersAfter(FAST, 3, 4, 5);
		assertThat(worker.received()).containsExactly("TASK 6 x");
		worker.answersAfter(FAST, 6);
		this.harness.submit("y");
		assertThat(worker.received()).containsExactly("TASK 7 y");
	}

	@Test
	void withPrefetchZeroTheNextTaskIsSentWhenTheLastIsAnswered() {
		FakeWorker worker = this.harness.start(options().prefetch(0));
		this.harness.submitAll(3);
		assertThat(worker.received()).containsExactly("TASK 1 1");
		worker.answersAfter(FAST, 1);
		assertThat(worker.received()).containsExactly("TASK 2 2");
	}

	@Test
	void idleWorkersComeFirstAndTakeTurns() {
		this.harness.start(options(), 3);
		for (int i = 0; i < 6; i++) {
			this.harness.submit("x");
			FakeWorker expected = this.harness.worker(i % 3);
			assertThat(expected.received()).hasSize(1);
			expected.answers(1 + i / 3);
		}
	}

	@Test
	void whatIsSharedIsSharedEvenly() {
		this.harness.start(options().prefetch(100), 4);
		this.harness.run(1, Duration.ZERO).offer("a", 82);
		assertThat(this.harness.workers).extracting((worker) -> worker.received().size())
			.containsExactlyInAnyOrder(21, 21, 20, 20);
	}

	@Test
	void aSubmitDoesNotWaitBehindAnImap() {
		FakeWorker worker = this.harness.start(options().prefetch(9));
		this.harness.run(1, Duration.ZERO).offer("a", 1000);
		this.harness.submit("urgent");
		worker.answers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
		worker.answers(11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
		assertThat(worker.received()).contains("TASK 21 urgent");
	}

	@Test
	void twoImapsShareAlike() {
		FakeWorker worker = this.harness.start(options().prefetch(99));
		this.harness.dispatcher.pause(true);
		this.harness.run(1, Duration.ZERO).offer("a", 500);
		this.harness.run(1, Duration.ZERO).offer("b", 500);
		this.harness.dispatcher.pause(false);
		List<String> received = worker.received();
		assertThat(received).hasSize(100);
		assertThat(received.stream().filter((frame) -> frame.contains(" a"))).hasSizeBetween(48, 64);
	}

	@Test
	void aChunkGoesToOneWorkerEvenIfItIsLargerThanTheWindow() {
		this.harness.start(options(), 2);
		this.harness.run(5, Duration.ZERO).offer("a", 5);
		assertThat(this.harness.worker(0).received()).hasSize(5);
		assertThat(this.harness.worker(1).received()).isEmpty();
	}

	@Test
	void anInputThatCannotBeEncodedFailsAlone() {
		ValueCodec strings = new AutoCodec().forType(String.class);
		ValueCodec noTwos = new ValueCodec() {

			@Override
			public void encode(@Nullable Object value, PayloadBuffer out) throws Exception {
				strings.encode(value, out);
				if ("2".equals(value)) {
					throw new IllegalArgumentException("no twos");
				}
			}

			@Override
			public @Nullable Object decode(byte[] bytes, int offset, int length) throws Exception {
				return strings.decode(bytes, offset, length);
			}

		};
		FakeWorker worker = this.harness.start(options(), noTwos);
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		assertThat(worker.received()).containsExactly("TASK 1 1", "TASK 3 3");
		assertThat(failure(futures.get(1), PayloadException.class)).hasMessageContaining("no twos");
		worker.answers(1, 3);
		assertThat(outputs(List.of(futures.get(0), futures.get(2)))).containsExactly("1!", "3!");
	}

	@Test
	void whatTheWorkerThrewIsTheFailureOfItsTask() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		worker.fails(1, new IllegalStateException("broken"));
		worker.answers(2);
		assertThat(failure(futures.get(0), WorkerException.class)).hasCauseInstanceOf(IllegalStateException.class)
			.hasMessageContaining("worker 0")
			.hasMessageContaining("pid 1000");
		assertThat(futures.get(1)).isCompletedWithValue("2!");
	}

	// The pool as a whole

	@Test
	void aPausedPoolTakesBackWhatHasNotStartedAndSendsNothing() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		this.harness.dispatcher.pause(true);
		assertThat(worker.received()).endsWith("RECALL");
		worker.recalled(2);
		worker.answers(1);
		this.harness.submit("4");
		assertThat(worker.received()).isEmpty();
		assertThat(outputs(futures)).containsExactly("1!", "unfinished", "unfinished");
		this.harness.dispatcher.pause(false);
		assertThat(worker.received()).containsExactly("TASK 3 2", "TASK 4 3");
	}

	@Test
	void aFailedPoolFailsWhatWaitsAndRefusesMoreUntilItIsResumed() {
		this.harness.start(options(), 0);
		CompletableFuture<Object> waiting = this.harness.submit("x");
		FakeRun run = this.harness.run(1, Duration.ZERO);
		run.offer("a", 2);
		this.harness.become(PoolState.FAILED);
		failure(waiting, PoolFailedException.class);
		assertThat(run.outputs).hasSize(2).hasOnlyElementsOfType(PoolFailedException.class);
		failure(this.harness.submit("y"), PoolFailedException.class);
		run.offer("b", 1);
		assertThat(run.outputs).hasSize(3);
		this.harness.become(PoolState.STARTING);
		CompletableFuture<Object> later = this.harness.submit("z");
		this.harness.addWorker().answers(1);
		assertThat(later).isCompletedWithValue("z!");
	}

	@Test
	void whatComesBackToAFailedPoolFailsToo() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.become(PoolState.FAILED);
		assertThat(futures.get(1)).isNotDone();
		this.harness.dies(worker, ExitReason.REQUESTED, worker.outbox(1));
		failure(futures.get(0), PoolFailedException.class);
		failure(futures.get(1), PoolFailedException.class);
	}

	@Test
	void aClosingPoolFinishesWhatItHasAndSaysWhenItIsDone() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		this.harness.become(PoolState.STOPPING);
		failure(this.harness.submit("late"), PoolClosedException.class);
		worker.answers(1, 2);
		assertThat(this.harness.allDrained).isZero();
		worker.answers(3);
		assertThat(outputs(futures)).containsExactly("1!", "2!", "3!");
		assertThat(this.harness.allDrained).isPositive();
	}

	@Test
	void aPausedPoolThatClosesWaitsForWhatRunsAndNotForWhatItWouldNeverBegin() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		this.harness.dispatcher.pause(true);
		worker.recalled(2);
		this.harness.become(PoolState.STOPPING);
		assertThat(this.harness.allDrained).isZero();
		worker.answers(1);
		assertThat(futures.get(0)).isCompletedWithValue("1!");
		assertThat(this.harness.allDrained).isPositive();
		this.harness.become(PoolState.TERMINATED);
		failure(futures.get(1), PoolClosedException.class);
		failure(futures.get(2), PoolClosedException.class);
	}

	@Test
	void cancellingTheLastTaskOfAClosingPoolDrainsItToo() {
		this.harness.start(options(), 0);
		CompletableFuture<Object> last = this.harness.submit("x");
		this.harness.become(PoolState.STOPPING);
		assertThat(this.harness.allDrained).isZero();
		last.cancel(false);
		assertThat(this.harness.allDrained).isPositive();
	}

	@Test
	void aTerminatedPoolLeavesNobodyWaiting() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		this.harness.become(PoolState.STOPPING);
		this.harness.dies(worker, ExitReason.REQUESTED, worker.outbox(1));
		assertThat(failure(futures.get(0), PoolClosedException.class)).as("no crash: it was asked for")
			.hasMessageContaining("drain-timeout");
		this.harness.become(PoolState.TERMINATED);
		failure(futures.get(1), PoolClosedException.class);
		failure(futures.get(2), PoolClosedException.class);
		assertThat(this.harness.scheduler.closed).isTrue();
	}

	@Test
	void anInputOfARunFailsOnceThePoolIsTerminated() {
		this.harness.start(options(), 0);
		FakeRun run = this.harness.run(1, Duration.ZERO);
		run.offer("a", 1);
		this.harness.become(PoolState.TERMINATED);
		assertThat(run.outputs).singleElement().asInstanceOf(throwable(PoolClosedException.class));
	}

}
