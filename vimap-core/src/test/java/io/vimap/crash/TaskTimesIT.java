package io.vimap.crash;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskOutcome;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static io.vimap.crash.SleeperPools.fork;
import static io.vimap.crash.SleeperPools.get;
import static io.vimap.crash.SleeperPools.options;
import static io.vimap.crash.SleeperPools.threads;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What meters are told of a task is how it ended and how long it waited and ran, whatever
 * became of it.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class TaskTimesIT {

	private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

	private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();

	@Test
	void timeInAWorkerThatDiedIsNoWaiting() throws Exception {
		try (ProcessPool<String, String> pool = observed(options())) {
			CompletableFuture<String> lost = pool.submit("sleep");
			Awaitility.await().until(() -> hasRunFor(pool, HALF_A_SECOND));
			pool.kill(0);
			assertThat(lost).failsWithin(Duration.ofSeconds(20));
			assertThat(next()).satisfies((task) -> {
				assertThat(task.outcome()).isEqualTo(TaskOutcome.CRASH);
				assertThat(task.ran()).isGreaterThanOrEqualTo(HALF_A_SECOND);
				assertThat(task.waited()).isLessThan(HALF_A_SECOND);
			});
		}
	}

	@Test
	void timeOfAnAttemptThatWasLostIsNoWaiting() throws Exception {
		PoolOptions.Builder options = options().taskTimeout(Duration.ofSeconds(5)).retryMaxAttempts(2);
		try (ProcessPool<String, String> pool = observed(options)) {
			CompletableFuture<String> twice = pool.submit("stubborn");
			assertThat(twice).failsWithin(Duration.ofSeconds(60));
			assertThat(next()).satisfies((task) -> {
				assertThat(task.outcome()).isEqualTo(TaskOutcome.TIMEOUT);
				assertThat(task.ran()).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
				assertThat(task.waited()).as("until the second worker was ready").isLessThan(Duration.ofSeconds(5));
			});
		}
	}

	@Test
	void taskThatIsCancelledIsNoFailureWhereverItIs() throws Exception {
		try (ProcessPool<String, String> pool = observed(options().prefetch(1).killGrace(Duration.ofSeconds(5)))) {
			CompletableFuture<String> running = pool.submit("sleep");
			List<CompletableFuture<String>> waiting = Stream.generate(() -> pool.submit("echo")).limit(3).toList();
			Awaitility.await().until(() -> threads(pool).contains("sleepHere"));
			waiting.forEach((future) -> future.cancel(true));
			running.cancel(true);
			assertThat(get(pool.submit("last"))).isEqualTo("last");
			assertThat(outcomes(5)).containsOnlyOnce(TaskOutcome.SUCCESS)
				.filteredOn((outcome) -> outcome == TaskOutcome.CANCELLED)
				.hasSize(4);
			assertThat(pool.stats().failed()).isZero();
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	@Test
	void taskThatIsKilledBecauseItIgnoresItsCancellationIsNoTimeout() throws Exception {
		try (ProcessPool<String, String> pool = observed(options())) {
			CompletableFuture<String> running = pool.submit("stubborn");
			Awaitility.await().until(() -> threads(pool).contains("ignoreInterrupts"));
			running.cancel(true);
			assertThat(next().outcome()).isEqualTo(TaskOutcome.CANCELLED);
			assertThat(pool.stats().failed()).isZero();
		}
	}

	@Test
	void inputsThatAnImapHasPulledAndGivenUpAreCancelled() throws Exception {
		try (ProcessPool<String, String> pool = observed(options().prefetch(1))) {
			List<String> inputs = List.of("quick", "nap", "nap", "nap", "nap");
			try (Stream<String> outputs = pool.imap(inputs).maxInFlight(5).closeWhenDone(false).outputs()) {
				assertThat(outputs.iterator().next()).isEqualTo("quick");
			}
			assertThat(outcomes(5)).contains(TaskOutcome.SUCCESS, TaskOutcome.CANCELLED);
		}
	}

	private ProcessPool<String, String> observed(PoolOptions.Builder options) throws Exception {
		ProcessPool<String, String> pool = fork(1, options.listeners(List.of(new PoolListener() {

			@Override
			public void onTask(String name, TaskOutcome outcome, long waitNanos, long runNanos) {
				TaskTimesIT.this.ended.add(new Ended(outcome, Duration.ofNanos(waitNanos), Duration.ofNanos(runNanos)));
			}

		})));
		// The first task of a process takes its time.
		get(pool.submit("first"));
		assertThat(next().outcome()).isEqualTo(TaskOutcome.SUCCESS);
		return pool;
	}

	private Ended next() throws InterruptedException {
		Ended next = this.ended.poll(20, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

	private List<TaskOutcome> outcomes(int count) {
		Awaitility.await().until(() -> this.ended.size() == count);
		return this.ended.stream().map(Ended::outcome).toList();
	}

	private static boolean hasRunFor(ProcessPool<?, ?> pool, Duration time) {
		return pool.stats().workers().stream().anyMatch((worker) -> {
			Duration current = worker.currentTaskTime();
			return current != null && current.compareTo(time) > 0;
		});
	}

	private record Ended(TaskOutcome outcome, Duration waited, Duration ran) {
	}

}
