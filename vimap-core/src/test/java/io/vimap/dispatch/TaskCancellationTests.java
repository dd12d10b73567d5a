package io.vimap.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.dispatch.DispatchHarness.FakeRun;
import io.vimap.pool.ExitReason;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.vimap.dispatch.DispatchHarness.options;
import static io.vimap.dispatch.DispatchHarness.outputs;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tasks that their callers do not want any more, event by event.
 */
class TaskCancellationTests {

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	@Test
	void aTaskThatWaitsIsCancelledWithoutATrace() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		futures.get(2).cancel(true);
		assertThat(this.harness.waiting()).isZero();
		worker.answers(1, 2);
		assertThat(worker.received()).isEmpty();
	}

	@Test
	void whatIsLeftOfManyCancelledTasksKeepsItsOrder() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(12);
		for (int cancelled : new int[] { 11, 3, 6, 10, 5, 2, 8, 9 }) {
			futures.get(cancelled).cancel(true);
			assertThat(futures.get(cancelled).cancel(true)).isTrue();
		}
		assertThat(this.harness.waiting()).isEqualTo(2);
		worker.answers(1, 2);
		assertThat(this.harness.waiting()).isZero();
		assertThat(worker.received()).containsExactly("TASK 3 5", "TASK 4 8");
		worker.answers(3, 4);
		this.harness.submit("next");
		assertThat(worker.received()).containsExactly("TASK 5 next");
	}

	@Test
	void aPrefetchedTaskThatIsCancelledIsTakenBackAndItsNeighboursAreSentAgain() {
		FakeWorker worker = this.harness.start(options().prefetch(2));
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		futures.get(1).cancel(true);
		assertThat(worker.received()).endsWith("RECALL");
		worker.recalled(2);
		assertThat(worker.received()).containsExactly("TASK 4 3");
		worker.answers(1, 4);
		assertThat(outputs(List.of(futures.get(0), futures.get(2)))).containsExactly("1!", "3!");
	}

	@Test
	void aRunningTaskThatIsCancelledIsInterruptedAndItsWorkerLivesOn() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		futures.get(0).cancel(true);
		assertThat(worker.received()).endsWith("INTERRUPT 1");
		worker.stack(1, "at Somewhere");
		worker.fails(1, new InterruptedException());
		worker.answers(2);
		this.harness.pass(Duration.ofSeconds(10));
		assertThat(worker.overdue).isEmpty();
		assertThat(futures.get(0)).isCancelled();
		assertThat(futures.get(1)).isCompletedWithValue("2!");
	}

	@Test
	void aCancelledTaskThatDoesNotEndTakesItsWorkerWithIt() {
		FakeWorker worker = this.harness.start(options().killGrace(Duration.ofSeconds(2)));
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		futures.get(0).cancel(true);
		worker.stack(1, "at Somewhere");
		this.harness.pass(Duration.ofMillis(1999));
		assertThat(worker.overdue).isEmpty();
		this.harness.pass(Duration.ofMillis(1));
		assertThat(worker.overdue).singleElement().asString().contains("cancelled by its caller");
		this.harness.dies(worker, ExitReason.TASK_TIMEOUT, worker.outbox(1));
		this.harness.addWorker().answers(1);
		assertThat(futures.get(1)).isCompletedWithValue("2!");
		assertThat(this.harness.dispatcher.figures().failed()).as("its caller wanted that").isZero();
	}

	@Test
	void aCancelledTaskThatTakesItsWorkerWithItIsNotTriedAgain() {
		FakeWorker worker = this.harness.start(options().retryMaxAttempts(2));
		CompletableFuture<Object> future = this.harness.submit("x");
		future.cancel(false);
		this.harness.dies(worker, ExitReason.CRASHED, worker.outbox(1));
		assertThat(this.harness.addWorker().received()).isEmpty();
		TaskDispatcher.Figures figures = this.harness.dispatcher.figures();
		assertThat(figures.retries()).isZero();
		assertThat(figures.failed()).isEqualTo(1);
	}

	@Test
	void cancellingWithoutInterruptLetsARunningTaskEndUnseen() {
		FakeWorker worker = this.harness.start(options());
		CompletableFuture<Object> future = this.harness.submit("x");
		future.cancel(false);
		this.harness.pass(Duration.ofSeconds(10));
		assertThat(worker.received()).containsExactly("TASK 1 x");
		worker.answers(1);
		assertThat(future).isCancelled();
		assertThat(this.harness.dispatcher.figures().inFlight()).isZero();
	}

	@Test
	void aPrefetchedTaskThatIsCancelledAndHadBegunMeanwhileIsInterrupted() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		worker.received();
		futures.get(1).cancel(true);
		assertThat(worker.received()).containsExactly("RECALL");
		worker.answers(1);
		worker.recalled(0);
		assertThat(worker.received()).containsExactly("INTERRUPT 2");
		worker.stack(2, "at Somewhere");
		worker.fails(2, new InterruptedException());
		assertThat(this.harness.dispatcher.figures().inFlight()).isZero();
	}

	@Test
	void closingARunTakesBackWhatHasNotStartedAndNothingElse() {
		FakeWorker worker = this.harness.start(options().prefetch(3));
		FakeRun run = this.harness.run(1, Duration.ZERO);
		run.offer("a", 3);
		CompletableFuture<Object> submitted = this.harness.submit("x");
		run.offer("b", 10);
		assertThat(worker.received()).hasSize(4);
		run.close();
		assertThat(this.harness.waiting()).isZero();
		assertThat(worker.received()).containsExactly("RECALL");
		worker.recalled(2);
		assertThat(worker.received()).containsExactly("TASK 5 x");
		worker.answers(1, 5);
		assertThat(run.outputs).hasSize(1);
		assertThat(submitted).isCompletedWithValue("x!");
		assertThat(worker.received()).isEmpty();
	}

	@Test
	void aCancelledTaskThatHadNotBegunIsInterruptedOnceItHas() {
		FakeWorker worker = this.harness.start(options());
		CompletableFuture<Object> future = this.harness.submit("x");
		future.cancel(true);
		assertThat(worker.received()).endsWith("INTERRUPT 1");
		worker.stack(1, "");
		assertThat(worker.received()).isEmpty();
		this.harness.pass(Duration.ofMillis(1));
		assertThat(worker.received()).containsExactly("INTERRUPT 1");
	}

}
