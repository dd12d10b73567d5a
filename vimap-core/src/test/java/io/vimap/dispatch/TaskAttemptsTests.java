package io.vimap.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.RetryCause;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.protocol.Outbox;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.vimap.dispatch.DispatchHarness.failure;
import static io.vimap.dispatch.DispatchHarness.options;
import static io.vimap.dispatch.DispatchHarness.outputs;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of the tasks of a worker that dies: who is to blame, and what is tried
 * again.
 */
class TaskAttemptsTests {

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	@Test
	void onlyTheTaskThatHadBegunIsBlamedForACrash() {
		FakeWorker dead = this.harness.start(options().prefetch(3));
		List<CompletableFuture<Object>> futures = this.harness.submitAll(6);
		dead.answers(1);
		this.harness.dies(dead, ExitReason.CRASHED, dead.outbox(2));
		WorkerCrashedException crash = failure(futures.get(1), WorkerCrashedException.class);
		assertThat(crash.attempts()).singleElement().extracting(Attempt::pid).isEqualTo(1000L);
		assertThat(crash).hasMessageContaining("SIGSEGV");
		FakeWorker next = this.harness.addWorker();
		assertThat(next.received()).as("in their order, before what waited")
			.containsExactly("TASK 1 3", "TASK 2 4", "TASK 3 5", "TASK 4 6");
		next.answers(1, 2, 3, 4);
		assertThat(outputs(futures.subList(2, 6))).containsExactly("3!", "4!", "5!", "6!");
	}

	@Test
	void nobodyIsBlamedIfNothingHadBegun() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.dies(worker, ExitReason.CRASHED, worker.outbox(0));
		this.harness.addWorker().answers(1, 2);
		assertThat(outputs(futures)).containsExactly("1!", "2!");
		assertThat(this.harness.dispatcher.figures().retries()).isZero();
	}

	@Test
	void withoutAnOutboxTheFirstTaskIsBlamed() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		this.harness.dies(worker, ExitReason.CRASHED, null);
		failure(futures.get(0), WorkerCrashedException.class);
		this.harness.addWorker().answers(1);
		assertThat(futures.get(1)).isCompletedWithValue("2!");
	}

	@Test
	void whatADeadWorkerHadFinishedAndNotSentCounts() {
		FakeWorker dead = this.harness.start(options().prefetch(2));
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		this.harness.dies(dead, ExitReason.CRASHED, dead.outbox(3, 1, 2));
		assertThat(outputs(futures.subList(0, 2))).containsExactly("1!", "2!");
		failure(futures.get(2), WorkerCrashedException.class);
	}

	@Test
	void whatADeadWorkerHadFinishedCountsThoughItsOutboxEndsInNonsense() {
		FakeWorker dead = this.harness.start(options().prefetch(2));
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		Outbox outbox = dead.outbox(3, 1, 2);
		byte[] frames = Arrays.copyOf(outbox.frames(), outbox.frames().length + 8);
		this.harness.dies(dead, ExitReason.CRASHED, new Outbox(3, outbox.start(), frames));
		assertThat(outputs(futures.subList(0, 2))).containsExactly("1!", "2!");
		failure(futures.get(2), WorkerCrashedException.class);
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
		this.harness.start(options().retryMaxAttempts(3).listeners(List.of(listener)), 0);
		CompletableFuture<Object> poison = this.harness.submit("poison");
		for (int i = 0; i < 3; i++) {
			assertThat(poison).isNotDone();
			FakeWorker worker = this.harness.addWorker();
			assertThat(worker.received()).containsExactly("TASK 1 poison");
			this.harness.dies(worker, ExitReason.CRASHED, worker.outbox(1));
		}
		WorkerCrashedException crash = failure(poison, WorkerCrashedException.class);
		assertThat(crash.attempts()).extracting(Attempt::pid).containsExactly(1000L, 1001L, 1002L);
		assertThat(retried).extracting(Attempt::pid).containsExactly(1000L, 1001L);
		assertThat(ended).containsExactly(TaskOutcome.CRASH);
		assertThat(this.harness.addWorker().received()).isEmpty();
		assertThat(this.harness.dispatcher.figures().retries()).isEqualTo(2);
	}

	@Test
	void theTimeOfAnAttemptThatTimedOutIsNotThatOfTheNextNorSpentWaiting() {
		List<Duration> times = new ArrayList<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				times.add(Duration.ofNanos(waitNanos));
				times.add(Duration.ofNanos(runNanos));
			}

		};
		Duration limit = Duration.ofMillis(100);
		FakeWorker worker = this.harness
			.start(options().retryMaxAttempts(2).taskTimeout(limit).listeners(List.of(listener)));
		this.harness.submit("x");
		this.harness.pass(limit);
		worker.stack(1, "at Slow.process");
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
		this.harness.pass(Duration.ofMillis(7));
		worker = this.harness.addWorker();
		this.harness.pass(Duration.ofMillis(30));
		this.harness.dies(worker, ExitReason.CRASHED, worker.outbox(1));
		assertThat(times).containsExactly(Duration.ofMillis(7), Duration.ofMillis(30));
	}

	@Test
	void aCrashThatIsNotToBeRetriedIsFinal() {
		PoolOptions.Builder options = options().retryMaxAttempts(3).retryOn(Set.of(RetryCause.TIMEOUT));
		FakeWorker worker = this.harness.start(options);
		CompletableFuture<Object> future = this.harness.submit("x");
		this.harness.dies(worker, ExitReason.CRASHED, worker.outbox(1));
		failure(future, WorkerCrashedException.class);
	}

}
