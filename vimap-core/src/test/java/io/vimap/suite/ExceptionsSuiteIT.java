package io.vimap.suite;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.StandInException;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerException;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * vimap's suite: what workers throw is caught and shown in sensible places, whenever they
 * throw it and whatever the chunks.
 */
class ExceptionsSuiteIT {

	private static PoolOptions options(PoolMode mode) {
		return SuiteWorkers.options(mode).restartIntensity(1).build();
	}

	private static <O> List<TaskResult<Integer, O>> run(Class<? extends Worker<Integer, O>> worker, PoolMode mode,
			int chunk, int inputs) {
		ProcessPool<Integer, O> pool = Vimap.forkIdentical(WorkerSpec.of(worker), 3, options(mode));
		awaitReadyOrFailed(pool);
		List<TaskResult<Integer, O>> results = pool.imap(IntStream.range(1, inputs + 1).boxed())
			.chunked(chunk)
			.zipInOutTyp()
			.toList();
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
		return results;
	}

	/** A worker that is not ready yet when the inputs end has nothing to clean up. */
	private static void awaitReadyOrFailed(ProcessPool<?, ?> pool) {
		try {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
		}
		catch (PoolFailedException ex) {
			assertThat(pool.state()).isEqualTo(PoolState.FAILED);
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static List<TaskResult.Failure<?, ?>> failures(List<? extends TaskResult<?, ?>> results) {
		return results.stream()
			.filter((result) -> result instanceof TaskResult.Failure).<TaskResult
					.Failure<?, ?>>map((result) -> (TaskResult.Failure<?, ?>) result)
			.toList();
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1,9", "FORKED,100,100", "SERIAL,1,100" })
	void exceptionBeforeIteration(PoolMode mode, int chunk, int inputs) {
		List<TaskResult<Integer, Integer>> results = run(SuiteWorkers.RaisesImmediately.class, mode, chunk, inputs);
		assertThat(results).isNotEmpty().hasSizeLessThanOrEqualTo(inputs + 1);
		assertThat(failures(results)).hasSameSizeAs(results).allSatisfy((failure) -> {
			assertThat(failure.exception().value()).isInstanceOf(PoolFailedException.class)
				.hasRootCauseInstanceOf(IllegalArgumentException.class)
				.hasRootCauseMessage("hello");
		});
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void exceptionBeforeIterationThrowsOutOfAStream(PoolMode mode) {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.RaisesImmediately.class), 3,
				options(mode));
		assertThatExceptionOfType(PoolFailedException.class)
			.isThrownBy(() -> pool.imap(Stream.iterate(1, (i) -> i + 1)).blockIgnoreOutput())
			.withMessageContaining("hello");
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1", "FORKED,100", "SERIAL,1" })
	void exceptionAfterIterationIsOfNoInput(PoolMode mode, int chunk) {
		List<TaskResult<Integer, Integer>> results = run(SuiteWorkers.RaisesAfterIteration.class, mode, chunk, 9);
		assertThat(results).filteredOn((result) -> result instanceof TaskResult.Output)
			.extracting((result) -> ((TaskResult.Output<Integer, Integer>) result).output())
			.containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9);
		assertThat(failures(results)).hasSize(3).allSatisfy((failure) -> {
			assertThat(failure.hasInput()).isFalse();
			assertThat(failure.exception().value()).hasMessage("goodbye");
		});
	}

	@Test
	void aContextThatCannotBeSentIsTheFailureOfItsTaskAlone() throws Exception {
		AtomicReference<String> value = new AtomicReference<>();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 1,
				SuiteWorkers.options(PoolMode.FORKED)
					.taskContext(() -> Collections.singletonMap("user", value.get()))
					.build())) {
			assertThatThrownBy(() -> pool.submit(1).get(10, TimeUnit.SECONDS)).cause()
				.isInstanceOf(PayloadException.class)
				.hasMessageContaining("no value for 'user' in the task's context");
			value.set("me");
			assertThat(pool.submit(2).get(10, TimeUnit.SECONDS)).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1", "FORKED,100", "SERIAL,1" })
	void eachInputHasItsOwnException(PoolMode mode, int chunk) {
		List<TaskResult<Integer, Integer>> results = run(SuiteWorkers.RaisesWithCurlyBraces.class, mode, chunk, 9);
		assertThat(failures(results)).hasSize(9).allSatisfy((failure) -> {
			assertThat(failure.hasInput()).isTrue();
			assertThat(failure.exception().value()).isInstanceOf(IllegalArgumentException.class)
				.hasMessage("{0} curly braces! %s");
			assertThat(failure.exception().formattedTraceback())
				.startsWith("java.lang.IllegalArgumentException: {0} curly braces! %s")
				.contains("at " + SuiteWorkers.RaisesWithCurlyBraces.class.getName() + ".process(SuiteWorkers.java:");
		});
		assertThat(failures(results)).extracting((failure) -> (Integer) failure.input())
			.containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9);
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void aFewErrors(PoolMode mode) {
		for (boolean block : new boolean[] { true, false }) {
			ProcessPool<Integer, Integer> pool = Vimap
				.forkIdentical(WorkerSpec.of(SuiteWorkers.RaisesWithCurlyBraces.class), 2, options(mode));
			assertThatExceptionOfType(WorkerException.class).isThrownBy(() -> {
				if (block) {
					pool.imap(List.of(1)).blockIgnoreOutput();
				}
				else {
					pool.imap(List.of(1)).zipInOut().toList();
				}
			}).satisfies((thrown) -> {
				assertThat(thrown).hasMessageContaining("curly").hasCauseInstanceOf(IllegalArgumentException.class);
				assertThat(thrown.context().formattedTraceback()).contains("RaisesWithCurlyBraces");
				assertThat(thrown.pool()).isEqualTo("suite");
			});
			assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
		}
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1", "FORKED,100", "SERIAL,1" })
	void failAfterAWhile(PoolMode mode, int chunk) {
		ProcessPool<Integer, Integer> pool = Vimap
			.forkIdentical(WorkerSpec.of(SuiteWorkers.RaisesWithCurlyBraces.class), 4, options(mode));
		Stream<Integer> inputs = Stream.concat(Collections.nCopies(3000, -1).stream(), IntStream.range(0, 50).boxed());
		List<TaskResult<Integer, Integer>> results = pool.imap(inputs).chunked(chunk).zipInOutTyp().toList();
		assertThat(results).hasSize(3050);
		assertThat(results).filteredOn((result) -> result.equals(new TaskResult.Output<>(-1, null))).hasSize(3000);
		assertThat(failures(results)).extracting((failure) -> (Integer) failure.input())
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 50).boxed().toList());
	}

	@Test
	void exceptionsThatNobodyReadsHoldNothingUp() {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.RaisesImmediately.class), 3,
				options(PoolMode.FORKED));
		pool.close();
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
	}

	/** Can be neither rebuilt nor printed. */
	static final class Hostile extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final transient Thread notSerializable;

		Hostile(Thread thread) {
			this.notSerializable = thread;
		}

		@Override
		public String getMessage() {
			throw new UnsupportedOperationException(this.notSerializable.getName());
		}

		@Override
		public String toString() {
			return getMessage();
		}

	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void anExceptionThatCannotBePrintedArrives(PoolMode mode) {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.<Integer, Integer>function((input) -> {
			throw new Hostile(Thread.currentThread());
		}), 1, options(mode));
		assertThat(failures(pool.imap(List.of(1)).zipInOutTyp().toList())).singleElement().satisfies((failure) -> {
			assertThat(failure.exception().value()).isInstanceOf(StandInException.class);
			assertThat(failure.exception().className()).isEqualTo(Hostile.class.getName());
			assertThat(failure.exception().formattedTraceback()).contains(Hostile.class.getName());
		});
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void anErrorIsAFailureOfItsTaskAlone(PoolMode mode) {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(
				WorkerSpec.<Integer, Integer>function((input) -> (input == 0) ? depth(0) : input), 1,
				SuiteWorkers.options(mode).closeWhenDone(false).build())) {
			assertThat(failures(pool.imap(List.of(1, 0, 2)).zipInOutTyp().toList())).singleElement()
				.satisfies((failure) -> assertThat(failure.exception().value()).isInstanceOf(StackOverflowError.class));
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	private static int depth(int depth) {
		return 1 + depth(depth + 1);
	}

	/** {@code max-payload} bounds values, and not what is said about a failure. */
	@Test
	void exceptionsMayBeLargerThanPayloads() {
		PoolOptions options = SuiteWorkers.options(PoolMode.FORKED).maxPayload(100).closeWhenDone(false).build();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function((depth) -> {
			RuntimeException problem = new IllegalStateException("x".repeat(50_000));
			for (int i = 0; i < depth; i++) {
				problem = new IllegalStateException("x".repeat(50_000), problem);
			}
			throw problem;
		}), 1, options)) {
			assertThatThrownBy(() -> pool.submit(10).get()).cause().isInstanceOf(WorkerException.class);
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

}
