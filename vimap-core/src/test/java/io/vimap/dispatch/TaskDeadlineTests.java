package io.vimap.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.ValueCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.vimap.dispatch.DispatchHarness.failure;
import static io.vimap.dispatch.DispatchHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Deadlines of tasks, event by event.
 */
class TaskDeadlineTests {

	private static final Duration LIMIT = Duration.ofMillis(100);

	private static final Duration GRACE = Duration.ofMillis(50);

	/** What a process has at least to answer. */
	private static final Duration ANSWER = Duration.ofSeconds(1);

	private static final Duration MOMENT = Duration.ofNanos(1);

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	private static PoolOptions.Builder limited() {
		return options().taskTimeout(LIMIT).killGrace(GRACE);
	}

	@Test
	void theClockOfATaskStartsWhenTheOneBeforeItIsAnswered() {
		FakeWorker worker = this.harness.start(limited());
		this.harness.submitAll(2);
		this.harness.pass(LIMIT.minus(MOMENT));
		worker.answers(1);
		worker.received();
		this.harness.pass(LIMIT.minus(MOMENT));
		assertThat(worker.received()).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.received()).containsExactly("INTERRUPT 2");
	}

	@Test
	void aTaskThatEndsAfterItsInterruptHasTimedOutWithItsStackAndTheWorkerLivesOn() {
		FakeWorker worker = this.harness.start(limited());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.pass(LIMIT);
		assertThat(worker.received()).endsWith("INTERRUPT 1");
		worker.stack(1, "at Slow.process");
		this.harness.pass(Duration.ofMillis(20));
		worker.answers(1);
		TaskTimeoutException timeout = failure(futures.get(0), TaskTimeoutException.class);
		assertThat(timeout.stack()).isEqualTo("at Slow.process");
		assertThat(timeout.property()).isEqualTo("task-timeout");
		assertThat(timeout.elapsed()).isEqualTo(Duration.ofMillis(120));
		assertThat(timeout.attempts()).extracting(Attempt::reason).containsExactly(ExitReason.TASK_TIMEOUT);
		this.harness.pass(GRACE);
		worker.answers(2);
		assertThat(futures.get(1)).isCompletedWithValue("2!");
		assertThat(worker.overdue).isEmpty();
	}

	@Test
	void aTaskThatDoesNotEndWithinTheGraceTakesItsWorkerWithIt() {
		FakeWorker worker = this.harness.start(limited());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.pass(LIMIT);
		worker.stack(1, "at Endless.process");
		this.harness.pass(GRACE.minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.overdue).singleElement().asString().contains("task 1 ", "kill-grace (50 ms)", "task-timeout");
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
		TaskTimeoutException timeout = failure(futures.get(0), TaskTimeoutException.class);
		assertThat(timeout.stack()).isEqualTo("at Endless.process");
		assertThat(timeout.attempts()).singleElement().asString().contains("ran 150 ms, then killed: signal SIGSEGV");
		this.harness.addWorker().answers(1);
		assertThat(futures.get(1)).isCompletedWithValue("2!");
	}

	@Test
	void theGraceBeginsWhenTheWorkerHasInterruptedTheTask() {
		FakeWorker worker = this.harness.start(limited());
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.pass(LIMIT);
		this.harness.pass(ANSWER.minus(MOMENT));
		worker.stack(1, "at Endless.process");
		this.harness.pass(GRACE.minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.overdue).hasSize(1);
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
		assertThat(failure(future, TaskTimeoutException.class).stack()).isEqualTo("at Endless.process");
	}

	@Test
	void aWorkerThatDoesNotAnswerAtAllIsKilledWithoutAStack() {
		FakeWorker worker = this.harness.start(limited());
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.pass(LIMIT.plus(ANSWER).minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.overdue).singleElement()
			.asString()
			.contains("did not answer within 1000 ms", "interrupt task 1 ", "task-timeout");
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
		assertThat(failure(future, TaskTimeoutException.class).stack()).isEmpty();
		assertThat(failure(future, TaskTimeoutException.class)).hasMessageContaining("did not answer");
	}

	@Test
	void aGraceOfMoreThanASecondIsAlsoTheTimeToAnswer() {
		FakeWorker worker = this.harness.start(limited().killGrace(Duration.ofSeconds(3)));
		this.harness.submit("x");
		this.harness.pass(LIMIT.plusSeconds(3).minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.overdue).singleElement().asString().contains("did not answer within 3000 ms");
	}

	@Test
	void aStackThatComesWhileTheWorkerIsBeingKilledIsInTheException() {
		FakeWorker worker = this.harness.start(limited());
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.pass(LIMIT.plus(ANSWER));
		worker.stack(1, "at Late.process");
		this.harness.pass(Duration.ofSeconds(1));
		assertThat(worker.overdue).hasSize(1);
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
		assertThat(failure(future, TaskTimeoutException.class).stack()).isEqualTo("at Late.process");
	}

	@Test
	void aWorkerIsNotKilledBecauseThisProcessWasStoppedAndHasNotReadItsAnswer() {
		FakeWorker worker = this.harness.start(limited());
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.pass(LIMIT);
		this.harness.standStill(Duration.ofMinutes(1));
		assertThat(worker.overdue).as("a stack may be on its way").isEmpty();
		worker.stack(1, "at Tidy.process");
		this.harness.standStill(Duration.ofMinutes(1));
		assertThat(worker.overdue).as("an answer may be on its way").isEmpty();
		worker.answers(1);
		this.harness.pass(Duration.ofDays(1));
		assertThat(worker.overdue).isEmpty();
		assertThat(failure(future, TaskTimeoutException.class).stack()).isEqualTo("at Tidy.process");
	}

	@Test
	void aTaskThatDoesNotEndIsKilledHoweverOftenThisProcessIsStopped() {
		FakeWorker worker = this.harness.start(limited());
		this.harness.submit("x");
		this.harness.pass(LIMIT);
		worker.stack(1, "at Endless.process");
		this.harness.standStill(Duration.ofMinutes(1));
		this.harness.pass(GRACE.minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		this.harness.standStill(Duration.ofMinutes(1));
		assertThat(worker.overdue).singleElement().asString().contains("kill-grace (50 ms)");
	}

	@Test
	void anAnswerThatCrossesTheInterruptCounts() {
		FakeWorker worker = this.harness.start(limited());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.pass(LIMIT);
		worker.answers(1);
		worker.stack(1, "");
		assertThat(futures.get(0)).isCompletedWithValue("1!");
		this.harness.pass(LIMIT.minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		worker.answers(2);
		assertThat(futures.get(1)).isCompletedWithValue("2!");
	}

	@Test
	void theTimeOfATaskThatHadNotBegunAtItsDeadlineBeginsThen() {
		FakeWorker worker = this.harness.start(limited());
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.pass(LIMIT);
		assertThat(worker.received()).endsWith("INTERRUPT 1");
		worker.stack(1, "");
		this.harness.pass(LIMIT.minus(MOMENT));
		assertThat(worker.received()).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.received()).containsExactly("INTERRUPT 1");
		worker.stack(1, "at Slow.process");
		worker.answers(1);
		assertThat(failure(future, TaskTimeoutException.class).elapsed()).isEqualTo(LIMIT);
	}

	/** Time passes while each input is encoded. */
	private ValueCodec slowly(Duration time) {
		return slowly(time, "");
	}

	/** Time passes while each input is encoded that ends so. */
	private ValueCodec slowly(Duration time, String end) {
		ValueCodec strings = new AutoCodec().forType(String.class);
		return new ValueCodec() {

			@Override
			public void encode(@Nullable Object value, PayloadBuffer out) throws Exception {
				if (String.valueOf(value).endsWith(end)) {
					TaskDeadlineTests.this.harness.pass(time);
				}
				strings.encode(value, out);
			}

			@Override
			public @Nullable Object decode(byte[] bytes, int offset, int length) throws Exception {
				return strings.decode(bytes, offset, length);
			}

		};
	}

	@ParameterizedTest
	@ValueSource(longs = { 60, 100, 5_000 })
	void theTimeOfATaskBeginsWhenItsInputHasBeenEncoded(long millis) {
		FakeWorker worker = this.harness.start(limited(), slowly(Duration.ofMillis(millis)));
		this.harness.submit("x");
		this.harness.pass(LIMIT.minus(MOMENT));
		assertThat(worker.received()).containsExactly("TASK 1 x");
		this.harness.pass(MOMENT);
		assertThat(worker.received()).containsExactly("INTERRUPT 1");
		assertThat(worker.overdue).isEmpty();
	}

	@Test
	void theTimeOfATaskBeginsWhenThoseHaveBeenEncodedThatAreSentWithIt() {
		FakeWorker worker = this.harness.start(limited().prefetch(100), slowly(Duration.ofSeconds(5), "a100"));
		this.harness.run(1, LIMIT).offer("a", 100);
		this.harness.pass(LIMIT.minus(MOMENT));
		assertThat(worker.received()).hasSize(100).doesNotContain("INTERRUPT 1");
		assertThat(worker.overdue).isEmpty();
		this.harness.pass(MOMENT);
		assertThat(worker.received()).containsExactly("INTERRUPT 1");
	}

	@Test
	void toEncodeTheNextInputTakesNoTimeFromTheTaskThatRuns() {
		FakeWorker worker = this.harness.start(limited(), slowly(Duration.ofMillis(60)));
		this.harness.submitAll(2);
		this.harness.pass(Duration.ofMillis(40).minus(MOMENT));
		assertThat(worker.received()).containsExactly("TASK 1 1", "TASK 2 2");
		this.harness.pass(MOMENT);
		assertThat(worker.received()).containsExactly("INTERRUPT 1");
	}

	@Test
	void aShortLimitIsKeptBehindATaskWithALongOne() {
		FakeWorker worker = this.harness.start(options());
		this.harness.run(1, Duration.ofHours(1)).offer("long", 1);
		this.harness.run(1, LIMIT).offer("short", 1);
		worker.answers(1);
		this.harness.pass(LIMIT);
		assertThat(worker.received()).containsExactly("INTERRUPT 2");
	}

	@Test
	void aTaskWithoutLimitIsNeverInterrupted() {
		FakeWorker worker = this.harness.start(options());
		this.harness.submit("x");
		this.harness.pass(Duration.ofDays(1));
		assertThat(worker.received()).containsExactly("TASK 1 x");
	}

	@Test
	void aTimeoutIsTriedAgainAsOftenAsACrash() {
		FakeWorker worker = this.harness.start(limited().retryMaxAttempts(2));
		CompletableFuture<Object> future = this.harness.submit("x");
		for (int number = 1; number <= 2; number++) {
			assertThat(worker.received()).containsExactly("TASK " + number + " x");
			this.harness.pass(LIMIT);
			assertThat(worker.received()).containsExactly("INTERRUPT " + number);
			worker.stack(number, "at Slow.process");
			worker.answers(number);
		}
		assertThat(failure(future, TaskTimeoutException.class).attempts()).hasSize(2);
	}

	@Test
	void theNextAttemptHasAllItsTimeThoughTheSameWorkerMakesIt() {
		FakeWorker worker = this.harness.start(limited().retryMaxAttempts(2));
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.pass(LIMIT);
		worker.stack(1, "at Slow.process");
		worker.answers(1);
		this.harness.pass(LIMIT.minus(MOMENT));
		assertThat(worker.overdue).isEmpty();
		worker.answers(2);
		assertThat(future).isCompletedWithValue("x!");
	}

	@Test
	void aTaskThatHadJustBegunHasNotTimedOutWhenItsWorkerIsKilledOverTheOneBefore() {
		FakeWorker worker = this.harness.start(limited());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.pass(LIMIT);
		worker.stack(1, "at Endless.process");
		this.harness.pass(GRACE);
		assertThat(worker.overdue).hasSize(1);
		worker.answers(1);
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(2));
		failure(futures.get(0), TaskTimeoutException.class);
		WorkerCrashedException crash = failure(futures.get(1), WorkerCrashedException.class);
		assertThat(crash.exit().reason()).isEqualTo(ExitReason.TASK_TIMEOUT);
	}

}
