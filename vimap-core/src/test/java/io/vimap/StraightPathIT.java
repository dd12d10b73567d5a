package io.vimap;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vimap.pool.InOut;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerException;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The thin line through the whole engine.
 */
class StraightPathIT {

	/** Doubles, and throws for −1. */
	static class Doubler implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			if (input == -1) {
				throw new IllegalStateException("no minus one");
			}
			return input * 2;
		}

	}

	private static PoolOptions named(String name) {
		return PoolOptions.builder().name(name).build();
	}

	@Test
	void imapPairsEachInputWithItsOutput() {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Doubler.class), 2, named("pairs"));
		List<InOut<Integer, Integer>> results = pool.imap(IntStream.range(0, 10_000).boxed())
			.zipInOut()
			.collect(Collectors.toList());
		assertThat(results).hasSize(10_000).allMatch((pair) -> pair.output() == pair.input() * 2);
		assertThat(results.stream().map(InOut::input).distinct()).hasSize(10_000);
	}

	@Test
	void submitReturnsAFuture() throws Exception {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Doubler.class), 2,
				named("futures"))) {
			assertThat(pool.awaitReady(Duration.ofSeconds(20))).isTrue();
			assertThat(pool.submit(21).get(10, TimeUnit.SECONDS)).isEqualTo(42);
			assertThatThrownBy(() -> pool.submit(-1).get(10, TimeUnit.SECONDS)).cause()
				.isInstanceOf(WorkerException.class)
				.hasMessageContaining("no minus one")
				.cause()
				.isInstanceOf(IllegalStateException.class);
		}
	}

	@Test
	void functionsWork() {
		assertThat(Vimap.<Integer, Integer>imapOrdered((input) -> input + 1, List.of(1, 2, 3))).containsExactly(2, 3,
				4);
	}

}
