package io.vimap.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ChaosIT {

	static class Doubler implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			return input * 2;
		}

	}

	private static ProcessPool<Integer, Integer> pool(Chaos chaos, PoolOptions.Builder options) {
		WorkerSpec<Integer, Integer> worker = WorkerSpec.<Integer, Integer>of(chaos.in((context) -> new Doubler()));
		return Vimap.forkIdentical(worker, 3, options.name("chaos").closeWhenDone(false).build());
	}

	@Test
	void theChosenWorkerDiesOnItsChosenTask() throws Exception {
		try (Chaos chaos = Chaos.create().kill(2, 5);
				ProcessPool<Integer, Integer> pool = pool(chaos, PoolOptions.builder())) {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
			List<TaskResult<Integer, Integer>> results = new ArrayList<>();
			// A worker that is slow off the mark may get no five tasks of the first
			// thousand.
			while (chaos.happened() == 0) {
				results.addAll(pool.imap(IntStream.range(0, 1000).boxed()).zipInOutTyp().toList());
			}
			assertThat(results.size() % 1000).isZero();
			assertThat(results).filteredOn((result) -> result instanceof TaskResult.Failure)
				.singleElement()
				.satisfies((result) -> {
					Throwable value = ((TaskResult.Failure<Integer, Integer>) result).exception().value();
					WorkerExit exit = ((WorkerCrashedException) value).exit();
					assertThat(exit.index()).isEqualTo(2);
					assertThat(exit.exitCode()).isEqualTo(Chaos.EXIT_CODE);
				});
			assertThat(chaos.happened()).isEqualTo(1);
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
		}
	}

	@Test
	void whatIsTriedAgainSucceedsSinceTheNextProcessIsSpared() throws Exception {
		try (Chaos chaos = Chaos.create().kill(0, 1).kill(1, 2).hang(2, 3);
				ProcessPool<Integer, Integer> pool = pool(chaos,
						PoolOptions.builder().retryMaxAttempts(4).taskTimeout(Duration.ofSeconds(2)))) {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
			while (chaos.happened() < 3) {
				assertThat(pool.imap(IntStream.range(0, 1000).boxed()).outputs()).hasSize(1000);
			}
			assertThat(pool.stats().exits()).extracting(WorkerExit::reason)
				.containsOnly(ExitReason.CRASHED, ExitReason.TASK_TIMEOUT);
		}
	}

	@Test
	void aHangShowsAsATimeout() {
		try (Chaos chaos = Chaos.create().hang(0, 1).hang(1, 1).hang(2, 1);
				ProcessPool<Integer, Integer> pool = pool(chaos,
						// On a busy machine a new process takes a while to answer.
						PoolOptions.builder().killGrace(Duration.ofSeconds(1)))) {
			assertThat(pool.imap(List.of(1)).taskTimeout(Duration.ofMillis(300)).zipInOutTyp().toList()).singleElement()
				.isInstanceOfSatisfying(TaskResult.Failure.class,
						(failure) -> assertThat(failure.exception().value()).isInstanceOf(TaskTimeoutException.class)
							.hasMessageContaining("DoomedWorker"));
		}
	}

}
