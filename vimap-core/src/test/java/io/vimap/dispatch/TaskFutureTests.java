package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.vimap.dispatch.DispatchHarness.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Callers that wait for a future, however it is completed and however many wait.
 */
@Timeout(60)
class TaskFutureTests {

	private static final int CALLERS = 48;

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	/** How a future can be completed by others than the pool. */
	private enum Completion {

		CANCEL((future) -> future.cancel(true)),

		COMPLETE((future) -> future.complete("else")),

		COMPLETE_EXCEPTIONALLY((future) -> future.completeExceptionally(new IllegalStateException("else"))),

		COMPLETE_ASYNC((future) -> future.completeAsync(() -> "else")),

		COMPLETE_ASYNC_EXCEPTIONALLY((future) -> future.completeAsync(() -> {
			throw new IllegalStateException("else");
		})),

		OBTRUDE((future) -> future.obtrudeValue("else")),

		OBTRUDE_EXCEPTION((future) -> future.obtrudeException(new IllegalStateException("else"))),

		OR_TIMEOUT((future) -> future.orTimeout(1, TimeUnit.MILLISECONDS)),

		COMPLETE_ON_TIMEOUT((future) -> future.completeOnTimeout("else", 1, TimeUnit.MILLISECONDS));

		private final Consumer<CompletableFuture<Object>> by;

		Completion(Consumer<CompletableFuture<Object>> by) {
			this.by = by;
		}

	}

	@ParameterizedTest
	@EnumSource
	void aCallerThatWaitsHearsOfACompletionByOthers(Completion completion) throws Exception {
		this.harness.start(options());
		CompletableFuture<Object> future = this.harness.submit("1");
		Caller caller = new Caller(future);
		caller.awaitWaiting();
		completion.by.accept(future);
		caller.thread.join(20_000);
		assertThat(caller.outcome.isDone()).isTrue();
	}

	@ParameterizedTest
	@EnumSource
	void whatOthersHaveCompletedIsNotRun(Completion completion) throws Exception {
		FakeWorker worker = this.harness.start(options());
		this.harness.submitAll(2);
		CompletableFuture<Object> future = this.harness.submit("waiting");
		assertThat(this.harness.waiting()).isOne();
		Caller caller = new Caller(future);
		completion.by.accept(future);
		caller.thread.join(20_000);
		Awaitility.await().until(() -> this.harness.waiting() == 0);
		worker.answers(1, 2);
		assertThat(worker.received()).isEmpty();
	}

	@RepeatedTest(20)
	@Tag("concurrency")
	void allCallersWhoseTasksEndAtOnceAreWoken() throws Exception {
		FakeWorker worker = this.harness.start(options().prefetch(CALLERS));
		List<Caller> callers = waitingCallers();
		answerAll(worker);
		for (int i = 0; i < CALLERS; i++) {
			assertThat(callers.get(i).outcome.get()).isEqualTo((i + 1) + "!");
		}
	}

	@RepeatedTest(20)
	@Tag("concurrency")
	void callersThatGiveUpAtThatMomentKeepNobodyWaiting() throws Exception {
		FakeWorker worker = this.harness.start(options().prefetch(CALLERS));
		List<Caller> callers = waitingCallers();
		CountDownLatch begin = new CountDownLatch(1);
		Thread interrupter = new Thread(() -> {
			begin.countDown();
			for (int i = 0; i < CALLERS; i += 3) {
				callers.get(i).thread.interrupt();
			}
		});
		interrupter.start();
		begin.await();
		answerAll(worker);
		interrupter.join();
		for (int i = 0; i < CALLERS; i++) {
			FutureTask<Object> outcome = callers.get(i).outcome;
			if (i % 3 != 0) {
				assertThat(outcome.get()).isEqualTo((i + 1) + "!");
			}
			else {
				callers.get(i).thread.join();
			}
		}
	}

	@Test
	void aCallerThatHasWaitedLongEnoughGoesAndAnotherOneHears() throws Exception {
		FakeWorker worker = this.harness.start(options());
		CompletableFuture<Object> future = this.harness.submit("1");
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS));
		Caller caller = new Caller(future);
		caller.awaitWaiting();
		worker.answers(1);
		assertThat(caller.outcome.get()).isEqualTo("1!");
	}

	private List<Caller> waitingCallers() {
		List<Caller> callers = new ArrayList<>();
		this.harness.submitAll(CALLERS).forEach((future) -> callers.add(new Caller(future)));
		callers.forEach(Caller::awaitWaiting);
		return callers;
	}

	private static void answerAll(FakeWorker worker) {
		worker.answers(LongStream.rangeClosed(1, CALLERS).toArray());
	}

	/** A thread that waits for a future. */
	private static final class Caller {

		final FutureTask<Object> outcome;

		final Thread thread;

		Caller(CompletableFuture<Object> future) {
			this.outcome = new FutureTask<>(future::get);
			this.thread = new Thread(this.outcome);
			this.thread.setDaemon(true);
			this.thread.start();
		}

		/** Returns when the thread is parked. */
		void awaitWaiting() {
			while (this.thread.getState() != Thread.State.WAITING) {
				Thread.onSpinWait();
			}
		}

	}

}
