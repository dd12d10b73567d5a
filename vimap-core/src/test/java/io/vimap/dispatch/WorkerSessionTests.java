package io.vimap.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PayloadException;
import io.vimap.protocol.Frames;
import io.vimap.protocol.ProtocolException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static io.vimap.dispatch.DispatchHarness.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The conversation with one worker, event by event: recalls, its end, and its lies.
 */
class WorkerSessionTests {

	private static final Duration MOMENT = Duration.ofNanos(1);

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	// Recalls

	@Test
	void anIdleWorkerGetsWhatWaitsBehindASlowTask() {
		Uneven work = uneven();
		this.harness.pass(Duration.ofMillis(1).minus(MOMENT));
		assertThat(work.slow.received()).containsExactly("TASK 1 1", "TASK 2 3", "TASK 3 5");
		this.harness.pass(MOMENT);
		assertThat(work.slow.received()).containsExactly("RECALL");
		work.slow.recalled(2);
		assertThat(work.quick.received()).startsWith("TASK 4 3");
		work.quick.answers(4);
		assertThat(work.futures.get(2)).isCompletedWithValue("3!");
	}

	@Test
	void whatHadBegunBeforeTheRecallArrivedStays() {
		Uneven work = uneven();
		this.harness.pass(Duration.ofMillis(1));
		work.slow.answers(1);
		work.slow.recalled(3);
		assertThat(work.quick.received()).containsExactly("TASK 4 5");
		work.quick.answers(4);
		work.slow.answers(2);
		assertThat(work.futures).allSatisfy((future) -> assertThat(future).isCompleted());
	}

	@Test
	void aWorkerThatIsAskedToGiveBackGetsNothingBeforeItHas() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		futures.get(1).cancel(false);
		worker.received();
		worker.answers(1);
		assertThat(worker.received()).isEmpty();
		worker.recalled(2);
		assertThat(worker.received()).containsExactly("TASK 3 3");
	}

	@Test
	void aWorkerThatDiesInsteadOfGivingBackLosesNothing() {
		Uneven work = uneven();
		this.harness.pass(Duration.ofMillis(1));
		assertThat(work.slow.received()).endsWith("RECALL");
		this.harness.dies(work.slow, ExitReason.CRASHED, work.slow.outbox(1));
		assertThat(work.futures.get(0)).isCompletedExceptionally();
		assertThat(work.quick.received()).containsExactly("TASK 4 3", "TASK 5 5");
		work.quick.answers(4, 5);
		assertThat(work.futures.get(4)).isCompletedWithValue("5!");
	}

	@Test
	void aChunkIsNotDividedByARecall() {
		this.harness.start(options(), 2);
		this.harness.run(3, Duration.ZERO).offer("a", 3);
		this.harness.pass(Duration.ofSeconds(1));
		assertThat(this.harness.worker(0).received()).hasSize(3).noneMatch("RECALL"::equals);
	}

	@Test
	void withoutAnIdleWorkerOnlyAStragglerIsAskedToGiveBack() {
		this.harness.start(options(), 2);
		List<CompletableFuture<Object>> futures = this.harness.submitAll(4);
		this.harness.pass(Duration.ofMillis(60));
		FakeWorker slow = this.harness.worker(0);
		FakeWorker quick = this.harness.worker(1);
		quick.answers(1);
		this.harness.pass(Duration.ofMillis(39));
		assertThat(slow.received()).containsExactly("TASK 1 1", "TASK 2 3");
		this.harness.pass(Duration.ofMillis(1));
		assertThat(slow.received()).containsExactly("RECALL");
		assertThat(quick.received()).isEmpty();
		slow.recalled(2);
		// Whoever is free next gets it, and nothing goes to the straggler.
		assertThat(quick.received()).containsExactly("TASK 3 3");
		this.harness.submitAll(4);
		assertThat(slow.received()).isEmpty();
		quick.answers(2, 3);
		assertThat(futures.get(2)).isCompletedWithValue("3!");
		slow.answers(1);
		assertThat(slow.received()).isNotEmpty();
	}

	@Test
	void aWorkerWhoseTasksAllTakeLongIsNoStraggler() {
		this.harness.start(options(), 2);
		this.harness.submitAll(2);
		FakeWorker worker = this.harness.worker(0);
		// One of a second may be a straggler itself, four hundred milliseconds are not.
		worker.answersAfter(Duration.ofSeconds(1), 1);
		this.harness.worker(1).answers(1);
		this.harness.submitAll(4);
		worker.received();
		this.harness.pass(Duration.ofMillis(399));
		assertThat(worker.received()).isEmpty();
		this.harness.pass(Duration.ofMillis(1));
		assertThat(worker.received()).containsExactly("RECALL");
	}

	@Test
	void aNewWorkerGetsWhatWaitsBehindASlowTask() {
		FakeWorker worker = this.harness.start(options());
		this.harness.submitAll(2);
		this.harness.pass(Duration.ofSeconds(1));
		FakeWorker fresh = this.harness.addWorker();
		this.harness.pass(Duration.ofMillis(1));
		worker.recalled(2);
		assertThat(fresh.received()).containsExactly("TASK 1 2");
	}

	@Test
	void theSupervisorIsToldOnceThatAWorkerHasWorked() {
		FakeWorker worker = this.harness.start(options());
		this.harness.submitAll(3);
		worker.answers(1);
		assertThat(worker.worked).isZero();
		worker.conversation().tellWhenWorked();
		worker.answers(2);
		worker.answers(3);
		assertThat(worker.worked).isEqualTo(1);
	}

	// The end of a worker

	@Test
	void aRetiringWorkerFinishesItsTaskGivesTheRestBackAndSaysSo() {
		this.harness.start(options(), 2);
		List<CompletableFuture<Object>> futures = this.harness.submitAll(4);
		FakeWorker old = this.harness.worker(0);
		this.harness.retire(old);
		assertThat(old.received()).endsWith("RECALL");
		old.recalled(2);
		assertThat(old.drained).isZero();
		old.answers(1);
		assertThat(old.drained).isEqualTo(1);
		this.harness.submit("5");
		assertThat(old.received()).isEmpty();
		this.harness.worker(1).answers(1, 2);
		this.harness.worker(1).answers(3, 4);
		assertThat(futures).allSatisfy((future) -> assertThat(future).isCompleted());
	}

	@Test
	void anIdleWorkerIsDrainedAtOnce() {
		FakeWorker worker = this.harness.start(options());
		this.harness.retire(worker);
		assertThat(worker.drained).isEqualTo(1);
	}

	@Test
	void aWorkerGetsNoMoreTasksThanItMayAndASuccessorInTime() {
		FakeWorker worker = this.harness.start(options().maxTasksPerWorker(5).jitter(0));
		this.harness.submitAll(7);
		worker.answers(1, 2);
		assertThat(worker.limits).hasSize(1);
		worker.answers(3, 4);
		assertThat(worker.received()).containsExactly("TASK 5 5");
		worker.answers(5);
		assertThat(worker.received()).isEmpty();
		assertThat(this.harness.waiting()).isEqualTo(2);
		assertThat(worker.limits).containsExactly("max-tasks-per-worker (5)");
		assertThat(this.harness.addWorker().received()).containsExactly("TASK 1 6", "TASK 2 7");
	}

	@Test
	void aWorkerWhoseSuccessorCannotStartWorksOnBeyondItsLimit() {
		FakeWorker worker = this.harness.start(options().maxTasksPerWorker(1).jitter(0));
		this.harness.submitAll(3);
		worker.received();
		worker.answers(1);
		assertThat(worker.received()).isEmpty();
		this.harness.workOn(worker);
		worker.answers(2, 3);
		assertThat(this.harness.waiting()).isZero();
		assertThat(worker.limits).hasSize(1);
	}

	@Test
	void whatIsGivenBackIsNotCountedAgainstTheWorker() {
		FakeWorker worker = this.harness.start(options().maxTasksPerWorker(2).jitter(0));
		List<CompletableFuture<Object>> futures = this.harness.submitAll(3);
		futures.get(1).cancel(false);
		worker.received();
		worker.recalled(2);
		assertThat(worker.received()).containsExactly("TASK 3 3");
	}

	// Lies

	@Test
	void anAnswerToATaskThatWasNeverSentIsAProtocolError() {
		FakeWorker worker = this.harness.start(options());
		CompletableFuture<Object> future = this.harness.submit("x");
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> worker.answers(7))
			.withMessageContaining("task number 7");
		assertThat(future).isNotDone();
	}

	@Test
	void theSameResultTwiceIsAProtocolErrorAndCountsOnce() {
		FakeWorker liar = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> liar.answers(1, 1));
		assertThat(futures.get(0)).isCompletedWithValue("1!");
		this.harness.dies(liar, ExitReason.PROTOCOL_ERROR, liar.outbox(1));
		this.harness.addWorker().answers(1);
		assertThat(futures.get(1)).isCompletedWithValue("2!");
		assertThat(this.harness.dispatcher.figures().succeeded()).isEqualTo(2);
	}

	@Test
	void answersOutOfOrderAreAProtocolError() {
		FakeWorker worker = this.harness.start(options());
		List<CompletableFuture<Object>> futures = this.harness.submitAll(2);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> worker.answers(2, 1));
		assertThat(futures).noneMatch(CompletableFuture::isDone);
	}

	@Test
	void givingBackWhatNobodyAskedForIsAProtocolError() {
		FakeWorker worker = this.harness.start(options());
		this.harness.submitAll(2);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> worker.recalled(2));
		assertThat(this.harness.dispatcher.figures().inFlight()).isEqualTo(2);
	}

	@Test
	void anOutputThatCannotBeDecodedIsTheFailureOfItsTask() {
		FakeWorker worker = this.harness.start(options());
		CompletableFuture<Object> future = this.harness.submit("x");
		worker.says((out) -> {
			int at = Frames.beginResult(out, 1, 1);
			out.writeByte(99);
			Frames.end(out, at);
		});
		assertThat(future).isCompletedExceptionally();
		assertThat(future.handle((output, failure) -> failure).join()).isInstanceOf(PayloadException.class)
			.hasMessageContaining("output can't be decoded");
	}

	/** Of two workers with three tasks each, one has done its own. */
	private Uneven uneven() {
		this.harness.start(options().prefetch(2), 2);
		List<CompletableFuture<Object>> futures = this.harness.submitAll(6);
		FakeWorker quick = this.harness.worker(1);
		quick.answers(1, 2, 3);
		quick.received();
		return new Uneven(futures, this.harness.worker(0), quick);
	}

	private record Uneven(List<CompletableFuture<Object>> futures, FakeWorker slow, FakeWorker quick) {
	}

}
