package io.vimap.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.protocol.Frames;
import io.vimap.protocol.ProtocolException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The conversation with one worker, event by event: deadlines, recalls, and its end.
 */
class WorkerSessionTests {

	private static final Duration LIMIT = Duration.ofMillis(100);

	private static final Duration GRACE = Duration.ofMillis(50);

	private static final Duration MOMENT = Duration.ofNanos(1);

	private static PoolOptions.Builder options() {
		return PoolOptions.builder().name("dispatched").killGrace(GRACE);
	}

	private static PoolOptions.Builder limited() {
		return options().taskTimeout(LIMIT);
	}

	private static TaskTimeoutException timeout(CompletableFuture<?> future) {
		assertThat(future).isCompletedExceptionally();
		return (TaskTimeoutException) future.handle((output, failure) -> failure).join();
	}

	// Deadlines

	@Test
	void theClockOfATaskStartsWhenTheOneBeforeItIsAnswered() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT.minus(MOMENT));
			worker.answers(1);
			worker.received();
			harness.pass(LIMIT.minus(MOMENT));
			assertThat(worker.received()).isEmpty();
			harness.pass(MOMENT);
			assertThat(worker.received()).containsExactly("INTERRUPT 2");
		}
	}

	@Test
	void aTaskThatEndsAfterItsInterruptHasTimedOutWithItsStackAndTheWorkerLivesOn() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT);
			assertThat(worker.received()).endsWith("INTERRUPT 1");
			worker.stack(1, "at Slow.process");
			harness.pass(Duration.ofMillis(20));
			worker.answers(1);
			TaskTimeoutException timeout = timeout(futures.get(0));
			assertThat(timeout.stack()).isEqualTo("at Slow.process");
			assertThat(timeout.property()).isEqualTo("task-timeout");
			assertThat(timeout.elapsed()).isEqualTo(Duration.ofMillis(120));
			assertThat(timeout.attempts()).extracting(Attempt::reason).containsExactly(ExitReason.TASK_TIMEOUT);
			harness.pass(GRACE);
			worker.answers(2);
			assertThat(futures.get(1)).isCompletedWithValue("2!");
			assertThat(worker.overdue).isEmpty();
		}
	}

	@Test
	void aTaskThatDoesNotEndWithinTheGraceTakesItsWorkerWithIt() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT);
			worker.stack(1, "at Endless.process");
			harness.pass(GRACE.minus(MOMENT));
			assertThat(worker.overdue).isEmpty();
			harness.pass(MOMENT);
			assertThat(worker.overdue).singleElement()
				.asString()
				.contains("task 1 ", "kill-grace (50 ms)", "task-timeout");
			harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
			TaskTimeoutException timeout = timeout(futures.get(0));
			assertThat(timeout.stack()).isEqualTo("at Endless.process");
			assertThat(timeout.attempts()).singleElement()
				.asString()
				.contains("ran 150 ms, then killed: signal SIGSEGV");
			harness.addWorker().answers(1);
			assertThat(futures.get(1)).isCompletedWithValue("2!");
		}
	}

	@Test
	void aWorkerThatDoesNotAnswerAtAllIsKilledWithoutAStack() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT.plus(GRACE));
			assertThat(worker.overdue).hasSize(1);
			harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
			assertThat(timeout(future).stack()).isEmpty();
			assertThat(timeout(future)).hasMessageContaining("did not answer");
		}
	}

	@Test
	void aStackThatComesWhileTheWorkerIsBeingKilledIsInTheException() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT.plus(GRACE));
			worker.stack(1, "at Late.process");
			harness.pass(Duration.ofSeconds(1));
			assertThat(worker.overdue).hasSize(1);
			harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
			assertThat(timeout(future).stack()).isEqualTo("at Late.process");
		}
	}

	@Test
	void anAnswerThatCrossesTheInterruptCounts() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT);
			worker.answers(1);
			worker.stack(1, "");
			assertThat(futures.get(0)).isCompletedWithValue("1!");
			harness.pass(LIMIT.minus(MOMENT));
			assertThat(worker.overdue).isEmpty();
			worker.answers(2);
			assertThat(futures.get(1)).isCompletedWithValue("2!");
		}
	}

	@Test
	void theTimeOfATaskThatHadNotBegunAtItsDeadlineBeginsThen() {
		try (DispatchHarness harness = new DispatchHarness(limited().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			FakeWorker worker = harness.worker(0);
			harness.pass(LIMIT);
			assertThat(worker.received()).endsWith("INTERRUPT 1");
			worker.stack(1, "");
			harness.pass(LIMIT.minus(MOMENT));
			assertThat(worker.received()).isEmpty();
			harness.pass(MOMENT);
			assertThat(worker.received()).containsExactly("INTERRUPT 1");
			worker.stack(1, "at Slow.process");
			worker.answers(1);
			assertThat(timeout(future).elapsed()).isEqualTo(LIMIT);
		}
	}

	@Test
	void aShortLimitIsKeptBehindATaskWithALongOne() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			harness.new FakeRun(1, Duration.ofHours(1)).offer("long", 1);
			harness.new FakeRun(1, LIMIT).offer("short", 1);
			FakeWorker worker = harness.worker(0);
			worker.answers(1);
			harness.pass(LIMIT);
			assertThat(worker.received()).containsExactly("INTERRUPT 2");
		}
	}

	@Test
	void aTaskWithoutLimitIsNeverInterrupted() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			harness.submit("x");
			harness.pass(Duration.ofDays(1));
			assertThat(harness.worker(0).received()).containsExactly("TASK 1 x");
		}
	}

	@Test
	void aTimeoutIsTriedAgainAsOftenAsACrash() {
		try (DispatchHarness harness = new DispatchHarness(limited().retryMaxAttempts(2).build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			FakeWorker worker = harness.worker(0);
			for (int number = 1; number <= 2; number++) {
				assertThat(worker.received()).containsExactly("TASK " + number + " x");
				harness.pass(LIMIT);
				worker.stack(number, "at Slow.process");
				worker.answers(number);
			}
			assertThat(timeout(future).attempts()).hasSize(2);
		}
	}

	@Test
	void aCancelledTaskThatHadNotBegunIsInterruptedOnceItHas() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			FakeWorker worker = harness.worker(0);
			future.cancel(true);
			assertThat(worker.received()).endsWith("INTERRUPT 1");
			worker.stack(1, "");
			assertThat(worker.received()).isEmpty();
			harness.pass(Duration.ofMillis(1));
			assertThat(worker.received()).containsExactly("INTERRUPT 1");
		}
	}

	// Recalls

	@Test
	void anIdleWorkerGetsWhatWaitsBehindASlowTask() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(2).build(), 2)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(6);
			FakeWorker slow = harness.worker(0);
			FakeWorker quick = harness.worker(1);
			assertThat(slow.received()).containsExactly("TASK 1 1", "TASK 2 3", "TASK 3 5");
			quick.answers(1, 2, 3);
			harness.pass(Duration.ofMillis(1).minus(MOMENT));
			assertThat(slow.received()).isEmpty();
			harness.pass(MOMENT);
			assertThat(slow.received()).containsExactly("RECALL");
			slow.recalled(2);
			assertThat(quick.received()).startsWith("TASK 4 3");
			quick.answers(4);
			assertThat(futures.get(2)).isCompletedWithValue("3!");
		}
	}

	@Test
	void whatHadBegunBeforeTheRecallArrivedStays() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(2).build(), 2)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(6);
			FakeWorker slow = harness.worker(0);
			FakeWorker quick = harness.worker(1);
			quick.answers(1, 2, 3);
			quick.received();
			harness.pass(Duration.ofMillis(1));
			slow.answers(1);
			slow.recalled(3);
			assertThat(quick.received()).containsExactly("TASK 4 5");
			quick.answers(4);
			slow.answers(2);
			assertThat(futures).allSatisfy((future) -> assertThat(future).isCompleted());
		}
	}

	@Test
	void aWorkerThatIsAskedToGiveBackGetsNothingBeforeItHas() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			FakeWorker worker = harness.worker(0);
			futures.get(1).cancel(false);
			worker.received();
			worker.answers(1);
			assertThat(worker.received()).isEmpty();
			worker.recalled(2);
			assertThat(worker.received()).containsExactly("TASK 3 3");
		}
	}

	@Test
	void aWorkerThatDiesInsteadOfGivingBackLosesNothing() {
		try (DispatchHarness harness = new DispatchHarness(options().prefetch(2).build(), 2)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(6);
			FakeWorker slow = harness.worker(0);
			FakeWorker quick = harness.worker(1);
			quick.answers(1, 2, 3);
			quick.received();
			harness.pass(Duration.ofMillis(1));
			assertThat(slow.received()).endsWith("RECALL");
			harness.dies(slow, ExitReason.CRASHED, slow.outbox(1));
			assertThat(futures.get(0)).isCompletedExceptionally();
			assertThat(quick.received()).containsExactly("TASK 4 3", "TASK 5 5");
			quick.answers(4, 5);
			assertThat(futures.get(4)).isCompletedWithValue("5!");
		}
	}

	@Test
	void aChunkIsNotDividedByARecall() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 2)) {
			harness.new FakeRun(3, Duration.ZERO).offer("a", 3);
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.worker(0).received()).hasSize(3).noneMatch("RECALL"::equals);
		}
	}

	@Test
	void withoutAnIdleWorkerNobodyIsAskedToGiveBack() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 2)) {
			harness.submitAll(4);
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.workers).allSatisfy((worker) -> assertThat(worker.received()).hasSize(2));
		}
	}

	@Test
	void aNewWorkerGetsWhatWaitsBehindASlowTask() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			harness.submitAll(2);
			harness.pass(Duration.ofSeconds(1));
			FakeWorker fresh = harness.addWorker();
			harness.pass(Duration.ofMillis(1));
			harness.worker(0).recalled(2);
			assertThat(fresh.received()).containsExactly("TASK 1 2");
		}
	}

	// The end of a worker

	@Test
	void aRetiringWorkerFinishesItsTaskGivesTheRestBackAndSaysSo() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 2)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(4);
			FakeWorker old = harness.worker(0);
			harness.retire(old);
			assertThat(old.received()).endsWith("RECALL");
			old.recalled(2);
			assertThat(old.drained).isZero();
			old.answers(1);
			assertThat(old.drained).isEqualTo(1);
			harness.submit("5");
			assertThat(old.received()).isEmpty();
			harness.worker(1).answers(1, 2);
			harness.worker(1).answers(3, 4);
			assertThat(futures).allSatisfy((future) -> assertThat(future).isCompleted());
		}
	}

	@Test
	void anIdleWorkerIsDrainedAtOnce() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			harness.retire(harness.worker(0));
			assertThat(harness.worker(0).drained).isEqualTo(1);
		}
	}

	@Test
	void aWorkerGetsNoMoreTasksThanItMayAndASuccessorInTime() {
		try (DispatchHarness harness = new DispatchHarness(options().maxTasksPerWorker(5).jitter(0).build(), 1)) {
			harness.submitAll(7);
			FakeWorker worker = harness.worker(0);
			worker.answers(1, 2);
			assertThat(worker.limits).hasSize(1);
			worker.answers(3, 4);
			assertThat(worker.received()).containsExactly("TASK 5 5");
			worker.answers(5);
			assertThat(worker.received()).isEmpty();
			assertThat(harness.waiting()).isEqualTo(2);
			assertThat(worker.limits).containsExactly("max-tasks-per-worker (5)");
			assertThat(harness.addWorker().received()).containsExactly("TASK 1 6", "TASK 2 7");
		}
	}

	@Test
	void whatIsGivenBackIsNotCountedAgainstTheWorker() {
		try (DispatchHarness harness = new DispatchHarness(options().maxTasksPerWorker(2).jitter(0).build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(3);
			FakeWorker worker = harness.worker(0);
			futures.get(1).cancel(false);
			worker.received();
			worker.recalled(2);
			assertThat(worker.received()).containsExactly("TASK 3 3");
		}
	}

	// Lies

	@Test
	void anAnswerToATaskThatWasNeverSentIsAProtocolError() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> harness.worker(0).answers(7))
				.withMessageContaining("task number 7");
			assertThat(future).isNotDone();
		}
	}

	@Test
	void theSameResultTwiceIsAProtocolErrorAndCountsOnce() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			FakeWorker liar = harness.worker(0);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> liar.answers(1, 1));
			assertThat(futures.get(0)).isCompletedWithValue("1!");
			harness.dies(liar, ExitReason.PROTOCOL_ERROR, liar.outbox(1));
			harness.addWorker().answers(1);
			assertThat(futures.get(1)).isCompletedWithValue("2!");
			assertThat(harness.dispatcher.figures().succeeded()).isEqualTo(2);
		}
	}

	@Test
	void answersOutOfOrderAreAProtocolError() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			List<CompletableFuture<Object>> futures = harness.submitAll(2);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> harness.worker(0).answers(2, 1));
			assertThat(futures).noneMatch(CompletableFuture::isDone);
		}
	}

	@Test
	void givingBackWhatNobodyAskedForIsAProtocolError() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			harness.submitAll(2);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> harness.worker(0).recalled(2));
			assertThat(harness.dispatcher.figures().inFlight()).isEqualTo(2);
		}
	}

	@Test
	void anOutputThatCannotBeDecodedIsTheFailureOfItsTask() {
		try (DispatchHarness harness = new DispatchHarness(options().build(), 1)) {
			CompletableFuture<Object> future = harness.submit("x");
			harness.worker(0).says((out) -> {
				int at = Frames.beginResult(out, 1, 1);
				out.writeByte(99);
				Frames.end(out, at);
			});
			assertThat(future).isCompletedExceptionally();
			assertThat(future.handle((output, failure) -> failure).join()).isInstanceOf(PayloadException.class)
				.hasMessageContaining("output can't be decoded");
		}
	}

}
