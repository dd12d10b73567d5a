package io.vimap.crash;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerException;
import io.vimap.protocol.AutoCodec;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.ValueCodec;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static io.vimap.crash.SleeperPools.PATIENCE;
import static io.vimap.crash.SleeperPools.fork;
import static io.vimap.crash.SleeperPools.get;
import static io.vimap.crash.SleeperPools.options;
import static io.vimap.crash.SleeperPools.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Every wait has an end, and says which limit it was.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class TimeoutsIT {

	private static TaskTimeoutException timeoutOf(CompletableFuture<String> future) {
		try {
			get(future);
		}
		catch (Exception ex) {
			assertThat(ex).cause().isInstanceOf(TaskTimeoutException.class);
			return (TaskTimeoutException) ex.getCause();
		}
		throw new AssertionError("no timeout");
	}

	@Test
	void anInterruptibleTaskEndsWithItsStackAndTheWorkerLives() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().taskTimeout(Duration.ofSeconds(1)))) {
			String pid = get(pool.submit("pid"));
			TaskTimeoutException timeout = timeoutOf(pool.submit("sleep"));
			assertThat(timeout.property()).isEqualTo("task-timeout");
			assertThat(timeout.stack()).contains("Sleeper.sleepHere").contains("Sleeper.java");
			assertThat(timeout.timeout()).isEqualTo(Duration.ofSeconds(1));
			assertThat(timeout.elapsed()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
			assertThat(timeout.attempts()).singleElement()
				.satisfies((attempt) -> assertThat(attempt.reason()).isEqualTo(ExitReason.TASK_TIMEOUT));
			assertThat(get(pool.submit("pid"))).isEqualTo(pid);
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	@Test
	void anUninterruptibleTaskIsKilledAfterTheGrace() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().taskTimeout(Duration.ofSeconds(1)))) {
			for (String input : List.of("stubborn", "loop")) {
				String pid = get(pool.submit("pid"));
				CompletableFuture<String> culprit = pool.submit(input);
				CompletableFuture<String> neighbour = pool.submit("neighbour");
				TaskTimeoutException timeout = timeoutOf(culprit);
				assertThat(timeout.stack()).contains("Sleeper.process");
				assertThat(timeout.elapsed()).isGreaterThanOrEqualTo(Duration.ofMillis(1400));
				assertThat(get(neighbour)).isEqualTo("neighbour");
				assertThat(get(pool.submit("pid"))).isNotEqualTo(pid);
			}
			assertThat(pool.stats().exits()).hasSize(2).allSatisfy((exit) -> {
				assertThat(exit.reason()).isEqualTo(ExitReason.TASK_TIMEOUT);
				assertThat(exit.explanation()).contains("kill-grace").contains("task-timeout");
			});
		}
	}

	@Test
	void anExceptionWhoseMessageTakesForEverIsItsTask() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().taskTimeout(Duration.ofSeconds(1)))) {
			CompletableFuture<String> before = pool.submit("before");
			CompletableFuture<String> culprit = pool.submit("speechless");
			CompletableFuture<String> after = pool.submit("after");
			TaskTimeoutException timeout = timeoutOf(culprit);
			assertThat(timeout.stack()).contains("SpeechlessException.getMessage");
			assertThat(timeout.elapsed()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
			assertThat(get(before)).isEqualTo("before");
			assertThat(get(after)).isEqualTo("after");
			assertThat(pool.stats().exits()).singleElement()
				.satisfies((exit) -> assertThat(exit.reason()).isEqualTo(ExitReason.TASK_TIMEOUT));
		}
	}

	/** Writes one input more slowly than a task may take. */
	public static class SlowCodec implements PayloadCodec {

		static final String SLOW = "pid";

		@Override
		public ValueCodec forType(Type type) {
			ValueCodec strings = new AutoCodec().forType(type);
			return new ValueCodec() {

				@Override
				public void encode(@Nullable Object value, PayloadBuffer out) throws Exception {
					if (SLOW.equals(value)) {
						Thread.sleep(3000);
					}
					strings.encode(value, out);
				}

				@Override
				public @Nullable Object decode(byte[] bytes, int offset, int length) throws Exception {
					return strings.decode(bytes, offset, length);
				}

			};
		}

	}

	@Test
	void aTaskHasAllItsTimeHoweverLongItTakesToEncodeItsInput() throws Exception {
		try (ProcessPool<String, String> pool = fork(1,
				options().taskTimeout(Duration.ofSeconds(1)).codec(SlowCodec.class.getName()))) {
			assertThat(get(pool.submit("quick"))).isEqualTo("quick");
			assertThat(get(pool.submit(SlowCodec.SLOW))).isEqualTo(Long.toString(pool.stats().workers().get(0).pid()));
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	@Test
	void aStoppedChildIsKilled() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().taskTimeout(Duration.ofSeconds(1)))) {
			long pid = Long.parseLong(get(pool.submit("pid")));
			Fault.stop(pid);
			List<CompletableFuture<String>> futures = List.of(pool.submit("a"), pool.submit("b"), pool.submit("c"));
			// It had not begun any of them, so none of them fails.
			for (CompletableFuture<String> future : futures) {
				assertThat(get(future)).isIn("a", "b", "c");
			}
			assertThat(pool.stats().exits()).singleElement()
				.satisfies((exit) -> assertThat(exit.reason()).isEqualTo(ExitReason.TASK_TIMEOUT));
		}
	}

	@Test
	void aChildStoppedAmidATaskIsKilled() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().taskTimeout(Duration.ofSeconds(2)))) {
			long pid = Long.parseLong(get(pool.submit("pid")));
			CompletableFuture<String> culprit = pool.submit("loop");
			CompletableFuture<String> neighbour = pool.submit("neighbour");
			Awaitility.await().until(() -> threads(pool).contains("Fault$"));
			Fault.stop(pid);
			TaskTimeoutException timeout = timeoutOf(culprit);
			assertThat(timeout.stack()).isEmpty();
			assertThat(timeout).hasMessageContaining("did not answer");
			assertThat(get(neighbour)).isEqualTo("neighbour");
		}
	}

	/**
	 * The deadline finds a child that has received the task and not begun it: it must be
	 * asked again.
	 */
	@Test
	void aChildThatWakesUpBeforeItIsKilledStillHasADeadline() throws Exception {
		try (ProcessPool<String, String> pool = fork(1,
				options().taskTimeout(Duration.ofMillis(500)).killGrace(Duration.ofSeconds(5)))) {
			long pid = Long.parseLong(get(pool.submit("pid")));
			Fault.stop(pid);
			CompletableFuture<String> culprit = pool.submit("sleep");
			TimeUnit.MILLISECONDS.sleep(1500);
			Fault.signal("CONT", pid);
			TaskTimeoutException timeout = timeoutOf(culprit);
			assertThat(timeout.stack()).contains("Sleeper.sleepHere");
		}
	}

	@Test
	void waitingInTheQueueDoesNotCount() throws Exception {
		try (ProcessPool<String, String> pool = fork(2, options().taskTimeout(Duration.ofMillis(1500)).prefetch(8))) {
			List<CompletableFuture<String>> futures = IntStream.range(0, 40)
				.mapToObj((i) -> pool.submit("nap"))
				.collect(Collectors.toCollection(ArrayList::new));
			for (CompletableFuture<String> future : futures) {
				assertThat(get(future)).isEqualTo("slept");
			}
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	@Test
	void anImapHasItsOwnLimitAndSaysSo() throws Exception {
		try (ProcessPool<String, String> pool = fork(2, options())) {
			List<TaskResult<String, String>> results = pool.imap(List.of("a", "sleep", "b", "loop", "c"))
				.closeWhenDone(false)
				.ordered()
				.taskTimeout(Duration.ofMillis(800))
				.zipInOutTyp()
				.toList();
			assertThat(results).hasSize(5);
			for (int at : new int[] { 1, 3 }) {
				TaskResult.Failure<String, String> failure = (TaskResult.Failure<String, String>) results.get(at);
				assertThat(failure.exception().value()).isInstanceOfSatisfying(TaskTimeoutException.class,
						(timeout) -> {
							assertThat(timeout.property()).isEqualTo("Imap.taskTimeout");
							assertThat(timeout.timeout()).isEqualTo(Duration.ofMillis(800));
							assertThat(timeout.stack()).contains("Sleeper");
						});
			}
			assertThat(results.get(4)).isEqualTo(new TaskResult.Output<>("c", "c"));
		}
	}

	@Test
	void aTimeoutIsTriedAgainAsOftenAsAllowed() throws Exception {
		try (ProcessPool<String, String> pool = fork(1,
				options().taskTimeout(Duration.ofMillis(500)).retryMaxAttempts(3))) {
			TaskTimeoutException timeout = timeoutOf(pool.submit("sleep"));
			assertThat(timeout.attempts()).hasSize(3);
			assertThat(timeout.getMessage()).contains("attempts:");
			assertThat(pool.stats().exits()).as("each attempt was interrupted").isEmpty();
		}
	}

	@Test
	void anErrorOfAnInterruptedTaskIsATimeout() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options())) {
			assertThatThrownBy(() -> get(pool.submit(null))).cause().isInstanceOf(WorkerException.class);
			assertThat(get(pool.submit("x"))).isEqualTo("x");
		}
	}

	@Test
	void initIsLimited() {
		PoolOptions options = options().initTimeout(Duration.ofSeconds(2)).restartIntensity(0).build();
		try (ProcessPool<String, String> pool = Vimap
			.forkIdentical(WorkerSpec.of(Sleeper.class).initArgs(Map.of("init", 1)), 1, options)) {
			assertThatThrownBy(() -> get(pool.submit("x"))).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("START_TIMEOUT")
				.hasMessageContaining("init-timeout (2000 ms)");
		}
	}

	@Test
	void startIsLimited() {
		PoolOptions options = options().startTimeout(Duration.ofSeconds(1))
			.restartIntensity(0)
			.commandPrefix(List.of("sh", "-c", "exec sleep 600", "sh"))
			.build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Sleeper.class), 1, options)) {
			assertThatThrownBy(() -> get(pool.submit("x"))).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("START_TIMEOUT")
				.hasMessageContaining("start-timeout (1000 ms)");
		}
	}

	@Test
	void aProgramThatCannotBeStartedSaysSo() {
		PoolOptions options = options().restartIntensity(1).commandPrefix(List.of("/does/not/exist")).build();
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Sleeper.class), 2, options)) {
			assertThatThrownBy(() -> get(pool.submit("x"))).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("START_FAILED")
				.hasMessageContaining("/does/not/exist");
			assertThat(pool.state()).isEqualTo(PoolState.FAILED);
		}
	}

	@Test
	void cleanupIsLimited() throws Exception {
		PoolOptions options = options().cleanupTimeout(Duration.ofMillis(700)).build();
		ProcessPool<String, String> pool = Vimap
			.forkIdentical(WorkerSpec.of(Sleeper.class).initArgs(Map.of("cleanup", 1)), 1, options);
		assertThat(pool.awaitReady(PATIENCE)).isTrue();
		long begin = System.nanoTime();
		pool.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(700),
				Duration.ofSeconds(10));
		assertThat(pool.stats().exits()).singleElement()
			.satisfies((exit) -> assertThat(exit.explanation()).contains("cleanup-timeout"));
	}

	@Test
	void drainingIsLimited() throws Exception {
		ProcessPool<String, String> pool = fork(1, options().drainTimeout(Duration.ofMillis(700)));
		CompletableFuture<String> running = pool.submit("stubborn");
		CompletableFuture<String> waiting = pool.submit("x");
		long begin = System.nanoTime();
		pool.close();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(700),
				Duration.ofSeconds(10));
		for (CompletableFuture<String> future : List.of(running, waiting)) {
			assertThatThrownBy(() -> get(future)).cause()
				.isInstanceOf(PoolClosedException.class)
				.hasMessageContaining("drain-timeout");
		}
		assertThatThrownBy(() -> get(pool.submit("y"))).cause().isInstanceOf(PoolClosedException.class);
	}

	@Test
	void closingWaitsForWhatWasAccepted() throws Exception {
		ProcessPool<String, String> pool = fork(2, options());
		List<CompletableFuture<String>> futures = IntStream.range(0, 20).mapToObj((i) -> pool.submit("nap")).toList();
		pool.close();
		for (CompletableFuture<String> future : futures) {
			assertThat(future).isCompletedWithValue("slept");
		}
	}

	/** A finished result does not wait for the slow task behind it. */
	@Test
	void resultsDoNotWaitBehindASlowTask() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().prefetch(8))) {
			for (int round = 0; round < 3; round++) {
				CompletableFuture<String> first = pool.submit("nap");
				CompletableFuture<String> quick = pool.submit("quick");
				CompletableFuture<String> slow = pool.submit("sleep");
				assertThat(get(first)).isEqualTo("slept");
				assertThat(quick.get(10, TimeUnit.SECONDS)).isEqualTo("quick");
				slow.cancel(true);
			}
		}
	}

}
