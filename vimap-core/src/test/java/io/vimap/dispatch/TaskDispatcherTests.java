package io.vimap.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.RetryCause;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerException;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

/**
 * The path of tasks through the dispatcher, event by event.
 */
class TaskDispatcherTests {

	private static final Duration FAST = Duration.ofNanos(10_000);

	private static PoolOptions.Builder options() {
		return PoolOptions.builder().name("dispatched");
	}

	private static List<Object> outputs(List<CompletableFuture<Object>> futures) {
		return futures.stream().map((future) -> future.getNow("unfinished")).toList();
	}

	private static <T extends Throwable> T failure(CompletableFuture<?> future, Class<T> type) {
		assertThat(future).isCompletedExceptionally();
		return type.cast(future.handle((output, failure) -> failure).join());
	}

	// Who gets what

	@Test
	void aWorkerHoldsOneTaskBeyondTheRunningOneUntilItsSpeedIsKnown() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(4);
			assertThat(harness.worker(0).received()).containsExactly("TASK 1 1", "TASK 2 2");
			harness.worker(0).answers(1);
			assertThat(harness.worker(0).received()).containsExactly("TASK 3 3");
			assertThat(outputs(futures)).containsExactly("1!", "unfinished", "unfinished", "unfinished");
		}
	}

	@Test
	void aFastWorkerGetsManyTasksAndASlowOneFewAgain() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			harness.submitAll(500);
			harness.worker(0).answersAfter(FAST, 1);
			assertThat(harness.worker(0).received()).hasSize(400);
			harness.worker(0).answersAfter(Duration.ofSeconds(1), 2);
			assertThat(harness.worker(0).received()).isEmpty();
		}
	}

	@Test
	void withPrefetchZeroTheNextTaskIsSentWhenTheLastIsAnswered() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(0).build(), 1)) {
			harness.submitAll(3);
			assertThat(harness.worker(0).received()).containsExactly("TASK 1 1");
			harness.worker(0).answersAfter(FAST, 1);
			assertThat(harness.worker(0).received()).containsExactly("TASK 2 2");
		}
	}

	@Test
	void idleWorkersComeFirstAndTakeTurns() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 3)) {
			for (int i = 0; i < 6; i++) {
				harness.submit("x");
				FakeWorker expected = harness.worker(i % 3);
				assertThat(expected.received()).hasSize(1);
				expected.answers(1 + i / 3);
			}
		}
	}

	@Test
	void whatIsSharedIsSharedEvenly() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(100).build(), 4)) {
			harness.new FakeRun(1, Duration.ZERO).offer("a", 82);
			assertThat(harness.workers).extracting((worker) -> worker.received().size())
				.containsExactlyInAnyOrder(21, 21, 20, 20);
		}
	}

	@Test
	void aSubmitDoesNotWaitBehindAnImap() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(9).build(), 1)) {
			harness.new FakeRun(1, Duration.ZERO).offer("a", 1000);
			harness.submit("urgent");
			harness.worker(0).answers(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
			harness.worker(0).answers(11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
			assertThat(harness.worker(0).received()).contains("TASK 21 urgent");
		}
	}

	@Test
	void twoImapsShareAlike() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(99).build(), 1)) {
			harness.dispatcher.pause(true);
			harness.new FakeRun(1, Duration.ZERO).offer("a", 500);
			harness.new FakeRun(1, Duration.ZERO).offer("b", 500);
			harness.dispatcher.pause(false);
			List<String> received = harness.worker(0).received();
			assertThat(received).hasSize(100);
			assertThat(received.stream().filter((frame) -> frame.contains(" a"))).hasSizeBetween(48, 64);
		}
	}

	@Test
	void aChunkGoesToOneWorkerEvenIfItIsLargerThanTheWindow() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 2)) {
			harness.new FakeRun(5, Duration.ZERO).offer("a", 5);
			assertThat(harness.worker(0).received()).hasSize(5);
			assertThat(harness.worker(1).received()).isEmpty();
		}
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
		try (DispatchHarness harness = new DispatchHarness(options().build(), noTwos, 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			assertThat(harness.worker(0).received()).containsExactly("TASK 1 1", "TASK 3 3");
			assertThat(failure(futures.get(1), PayloadException.class)).hasMessageContaining("no twos");
			harness.worker(0).answers(1, 3);
			assertThat(outputs(List.of(futures.get(0), futures.get(2)))).containsExactly("1!", "3!");
		}
	}

	@Test
	void whatTheWorkerThrewIsTheFailureOfItsTask() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			harness.worker(0).fails(1, new IllegalStateException("broken"));
			harness.worker(0).answers(2);
			assertThat(failure(futures.get(0), WorkerException.class)).hasCauseInstanceOf(IllegalStateException.class)
				.hasMessageContaining("worker 0")
				.hasMessageContaining("pid 1000");
			assertThat(futures.get(1)).isCompletedWithValue("2!");
		}
	}

	// Who is to blame

	@Test
	void onlyTheTaskThatHadBegunIsBlamedForACrash() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(3).build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(6);
			FakeWorker dead = harness.worker(0);
			dead.answers(1);
			harness.dies(dead, ExitReason.CRASHED, dead.outbox(2));
			WorkerCrashedException crash = failure(futures.get(1), WorkerCrashedException.class);
			assertThat(crash.attempts()).singleElement().extracting(Attempt::pid).isEqualTo(1000L);
			assertThat(crash).hasMessageContaining("SIGSEGV");
			FakeWorker next = harness.addWorker();
			assertThat(next.received()).as("in their order, before what waited")
				.containsExactly("TASK 1 3", "TASK 2 4", "TASK 3 5", "TASK 4 6");
			next.answers(1, 2, 3, 4);
			assertThat(outputs(futures.subList(2, 6))).containsExactly("3!", "4!", "5!", "6!");
		}
	}

	@Test
	void nobodyIsBlamedIfNothingHadBegun() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			harness.dies(harness.worker(0), ExitReason.CRASHED, harness.worker(0).outbox(0));
			harness.addWorker().answers(1, 2);
			assertThat(outputs(futures)).containsExactly("1!", "2!");
			assertThat(harness.dispatcher.figures().retries()).isZero();
		}
	}

	@Test
	void withoutAnOutboxTheFirstTaskIsBlamed() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			harness.dies(harness.worker(0), ExitReason.CRASHED, null);
			failure(futures.get(0), WorkerCrashedException.class);
			harness.addWorker().answers(1);
			assertThat(futures.get(1)).isCompletedWithValue("2!");
		}
	}

	@Test
	void whatADeadWorkerHadFinishedAndNotSentCounts() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(2).build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			FakeWorker dead = harness.worker(0);
			harness.dies(dead, ExitReason.CRASHED, dead.outbox(3, 1, 2));
			assertThat(outputs(futures.subList(0, 2))).containsExactly("1!", "2!");
			failure(futures.get(2), WorkerCrashedException.class);
		}
	}

	@Test
	void aTaskIsTriedAgainUpToItsLastAttemptAndTellsOfAll() {
		List<Attempt> retried = new ArrayList<>();
		List<TaskOutcome> ended = new ArrayList<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void onRetry(String pool, long task, Attempt attempt) {
				retried.add(attempt);
			}

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				ended.add(outcome);
			}

		};
		try (DispatchHarness harness = new DispatchHarness(
				options().retryMaxAttempts(3).listeners(List.of(listener)).build(), 0)) {
			CompletableFuture<Object> poison = harness.submit("poison");
			for (int i = 0; i < 3; i++) {
				assertThat(poison).isNotDone();
				FakeWorker worker = harness.addWorker();
				assertThat(worker.received()).containsExactly("TASK 1 poison");
				harness.dies(worker, ExitReason.CRASHED, worker.outbox(1));
			}
			WorkerCrashedException crash = failure(poison, WorkerCrashedException.class);
			assertThat(crash.attempts()).extracting(Attempt::pid).containsExactly(1000L, 1001L, 1002L);
			assertThat(retried).extracting(Attempt::pid).containsExactly(1000L, 1001L);
			assertThat(ended).containsExactly(TaskOutcome.CRASH);
			assertThat(harness.addWorker().received()).isEmpty();
			assertThat(harness.dispatcher.figures().retries()).isEqualTo(2);
		}
	}

	@Test
	void aCrashThatIsNotToBeRetriedIsFinal() {
		PoolOptions options = options().retryMaxAttempts(3).retryOn(Set.of(RetryCause.TIMEOUT)).build();
		try (DispatchHarness harness = new DispatchHarness(options, 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			harness.dies(harness.worker(0), ExitReason.CRASHED, harness.worker(0).outbox(1));
			failure(future, WorkerCrashedException.class);
		}
	}

	// Cancelled

	@Test
	void aTaskThatWaitsIsCancelledWithoutATrace() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			futures.get(2).cancel(true);
			assertThat(harness.waiting()).isZero();
			harness.worker(0).answers(1, 2);
			assertThat(harness.worker(0).received()).isEmpty();
		}
	}

	@Test
	void aPrefetchedTaskThatIsCancelledIsTakenBackAndItsNeighboursAreSentAgain() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(2).build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			FakeWorker worker = harness.worker(0);
			futures.get(1).cancel(true);
			assertThat(worker.received()).endsWith("RECALL");
			worker.recalled(2);
			assertThat(worker.received()).containsExactly("TASK 4 3");
			worker.answers(1, 4);
			assertThat(outputs(List.of(futures.get(0), futures.get(2)))).containsExactly("1!", "3!");
		}
	}

	@Test
	void aRunningTaskThatIsCancelledIsInterruptedAndItsWorkerLivesOn() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			futures.get(0).cancel(true);
			assertThat(worker.received()).endsWith("INTERRUPT 1");
			worker.stack(1, "at Somewhere");
			worker.fails(1, new InterruptedException());
			worker.answers(2);
			harness.pass(Duration.ofSeconds(10));
			assertThat(worker.overdue).isEmpty();
			assertThat(futures.get(0)).isCancelled();
			assertThat(futures.get(1)).isCompletedWithValue("2!");
		}
	}

	@Test
	void aCancelledTaskThatDoesNotEndTakesItsWorkerWithIt() {
		try (DispatchHarness harness = new DispatchHarness(options().killGrace(Duration.ofSeconds(2)).build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			futures.get(0).cancel(true);
			worker.stack(1, "at Somewhere");
			harness.pass(Duration.ofMillis(1999));
			assertThat(worker.overdue).isEmpty();
			harness.pass(Duration.ofMillis(1));
			assertThat(worker.overdue).singleElement().asString().contains("cancelled by its caller");
			harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
			harness.addWorker().answers(1);
			assertThat(futures.get(1)).isCompletedWithValue("2!");
			assertThat(harness.dispatcher.figures().failed()).isEqualTo(1);
		}
	}

	@Test
	void cancellingWithoutInterruptLetsARunningTaskEndUnseen() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			future.cancel(false);
			harness.pass(Duration.ofSeconds(10));
			assertThat(harness.worker(0).received()).containsExactly("TASK 1 x");
			harness.worker(0).answers(1);
			assertThat(future).isCancelled();
			assertThat(harness.dispatcher.figures().inFlight()).isZero();
		}
	}

	@Test
	void aPrefetchedTaskThatIsCancelledAndHadBegunMeanwhileIsInterrupted() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			worker.received();
			futures.get(1).cancel(true);
			assertThat(worker.received()).containsExactly("RECALL");
			worker.answers(1);
			worker.recalled(0);
			assertThat(worker.received()).containsExactly("INTERRUPT 2");
			worker.stack(2, "at Somewhere");
			worker.fails(2, new InterruptedException());
			assertThat(harness.dispatcher.figures().inFlight()).isZero();
		}
	}

	@Test
	void closingARunTakesBackWhatHasNotStartedAndNothingElse() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(3).build(), 1)) {
			DispatchHarness.FakeRun run = harness.new FakeRun(1, Duration.ZERO);
			run.offer("a", 3);
			CompletableFuture<Object> submitted = harness.submit("x");
			run.offer("b", 10);
			FakeWorker worker = harness.worker(0);
			assertThat(worker.received()).hasSize(4);
			run.close();
			assertThat(harness.waiting()).isZero();
			assertThat(worker.received()).containsExactly("RECALL");
			worker.recalled(2);
			assertThat(worker.received()).containsExactly("TASK 5 x");
			worker.answers(1, 5);
			assertThat(run.outputs).hasSize(1);
			assertThat(submitted).isCompletedWithValue("x!");
			assertThat(worker.received()).isEmpty();
		}
	}

	// The pool as a whole

	@Test
	void aPausedPoolTakesBackWhatHasNotStartedAndSendsNothing() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			FakeWorker worker = harness.worker(0);
			harness.dispatcher.pause(true);
			assertThat(worker.received()).endsWith("RECALL");
			worker.recalled(2);
			worker.answers(1);
			harness.submit("4");
			assertThat(worker.received()).isEmpty();
			assertThat(outputs(futures)).containsExactly("1!", "unfinished", "unfinished");
			harness.dispatcher.pause(false);
			assertThat(worker.received()).containsExactly("TASK 3 2", "TASK 4 3");
		}
	}

	@Test
	void aFailedPoolFailsWhatWaitsAndRefusesMoreUntilItIsResumed() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 0)) {
			CompletableFuture<Object> waiting = harness.submit("x");
			DispatchHarness.FakeRun run = harness.new FakeRun(1, Duration.ZERO);
			run.offer("a", 2);
			harness.become(PoolState.FAILED);
			failure(waiting, PoolFailedException.class);
			assertThat(run.outputs).hasSize(2).hasOnlyElementsOfType(PoolFailedException.class);
			failure(harness.submit("y"), PoolFailedException.class);
			run.offer("b", 1);
			assertThat(run.outputs).hasSize(3);
			harness.become(PoolState.STARTING);
			CompletableFuture<Object> later = harness.submit("z");
			harness.addWorker().answers(1);
			assertThat(later).isCompletedWithValue("z!");
		}
	}

	@Test
	void whatComesBackToAFailedPoolFailsToo() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			harness.become(PoolState.FAILED);
			assertThat(futures.get(1)).isNotDone();
			harness.dies(harness.worker(0), ExitReason.REQUESTED, harness.worker(0).outbox(1));
			failure(futures.get(0), PoolFailedException.class);
			failure(futures.get(1), PoolFailedException.class);
		}
	}

	@Test
	void aClosingPoolFinishesWhatItHasAndSaysWhenItIsDone() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			harness.become(PoolState.STOPPING);
			failure(harness.submit("late"), PoolClosedException.class);
			harness.worker(0).answers(1, 2);
			assertThat(harness.allDrained).isZero();
			harness.worker(0).answers(3);
			assertThat(outputs(futures)).containsExactly("1!", "2!", "3!");
			assertThat(harness.allDrained).isPositive();
		}
	}

	@Test
	void cancellingTheLastTaskOfAClosingPoolDrainsItToo() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 0)) {
			CompletableFuture<Object> last = harness.submit("x");
			harness.become(PoolState.STOPPING);
			assertThat(harness.allDrained).isZero();
			last.cancel(false);
			assertThat(harness.allDrained).isPositive();
		}
	}

	@Test
	void aTerminatedPoolLeavesNobodyWaiting() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			harness.become(PoolState.STOPPING);
			harness.dies(harness.worker(0), ExitReason.REQUESTED, harness.worker(0).outbox(1));
			assertThat(failure(futures.get(0), PoolClosedException.class)).as("no crash: it was asked for")
				.hasMessageContaining("drain-timeout");
			harness.become(PoolState.TERMINATED);
			failure(futures.get(1), PoolClosedException.class);
			failure(futures.get(2), PoolClosedException.class);
			assertThat(harness.scheduler.closed).isTrue();
		}
	}

	@Test
	void anInputOfARunFailsOnceThePoolIsTerminated() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 0)) {
			DispatchHarness.FakeRun run = harness.new FakeRun(1, Duration.ZERO);
			run.offer("a", 1);
			harness.become(PoolState.TERMINATED);
			assertThat(run.outputs).singleElement().asInstanceOf(throwable(PoolClosedException.class));
		}
	}

}
