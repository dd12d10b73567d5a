package io.vimap.testing;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.vimap.pool.PoolOptions;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerException;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DebugPoolTests {

	record Args(int summand) {
	}

	static class Adder implements Worker<Integer, Integer> {

		private int summand;

		@Override
		public void init(WorkerContext context) {
			this.summand = context.initArgs(Args.class).summand();
		}

		@Override
		public Integer process(Integer input) {
			if (input < 0) {
				throw new IllegalArgumentException("negative");
			}
			return input + this.summand;
		}

	}

	private static DebugPool<Integer, Integer> pool(int... summands) {
		return DebugPool.of(SerialPools.of(java.util.Arrays.stream(summands)
			.mapToObj((summand) -> WorkerSpec.of(Adder.class).initArgs(new Args(summand)))
			.toList(), PoolOptions.builder().closeWhenDone(false).build()));
	}

	@Test
	void inputsAndOutputsAreRecorded() {
		try (DebugPool<Integer, Integer> pool = pool(1, 1, 1)) {
			pool.imap(List.of(1, 2, 3)).blockIgnoreOutput();
			assertThat(pool.outputForInput()).isEqualTo(Map.of(1, 2, 2, 3, 3, 4));
		}
	}

	@Test
	void workersTakeTurns() {
		try (DebugPool<Integer, Integer> pool = pool(1, 2, 3)) {
			assertThat(pool.imap(List.of(4, 4, 4, 4)).outputs()).containsExactly(5, 6, 7, 5);
			assertThat(pool.results()).hasSize(4);
		}
	}

	@Test
	void failuresThatAreValuesAreRecorded() {
		try (DebugPool<Integer, Integer> pool = pool(1)) {
			pool.imap(List.of(1, -1)).ordered().zipInOutTyp().toList();
			assertThat(pool.results()).hasSize(2).last().isInstanceOf(TaskResult.Failure.class);
			assertThatExceptionOfType(WorkerException.class)
				.isThrownBy(() -> pool.imap(List.of(-1)).blockIgnoreOutput());
			assertThat(pool.results()).hasSize(2);
		}
	}

	@Test
	void aSubmitThatEndsOtherwiseIsTakenBackAndRecordedAsItHasEnded() {
		try (DebugPool<Integer, Integer> pool = pool(1)) {
			pool.pause();
			IllegalStateException givenUp = new IllegalStateException("given up");
			pool.submit(1).completeExceptionally(givenUp);
			pool.submit(2).complete(7);
			pool.submit(3).orTimeout(1, TimeUnit.MILLISECONDS).handle((output, failure) -> failure).join();
			pool.resume();
			assertThat(pool.stats().succeeded()).isZero();
			assertThat(pool.results()).hasSize(3)
				.first()
				.isInstanceOfSatisfying(TaskResult.Failure.class,
						(failure) -> assertThat(failure.exception().value()).isSameAs(givenUp));
			assertThat(pool.outputForInput()).containsExactly(Map.entry(2, 7));
		}
	}

	@Test
	void submitsAreRecorded() {
		try (DebugPool<Integer, Integer> pool = pool(1)) {
			assertThat(pool.submit(1).join()).isEqualTo(2);
			assertThatThrownBy(() -> pool.submit(-1).join()).hasCauseInstanceOf(WorkerException.class);
			assertThat(pool.results()).hasSize(2);
			assertThat(pool.outputForInput()).containsExactly(Map.entry(1, 2));
		}
	}

}
