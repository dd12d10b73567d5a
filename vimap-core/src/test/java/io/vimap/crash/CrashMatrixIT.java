package io.vimap.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.crash.FaultyCodec.Phase;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCleanupException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Everything that can go wrong, everywhere it can: each input has exactly one result, the
 * innocent ones succeed, and afterwards the pool works, or has failed with its reasons.
 */
@ExtendWith(LeakCheck.class)
class CrashMatrixIT {

	private static final Duration CELL = Duration.ofSeconds(10);

	private static final Duration START = Duration.ofSeconds(60);

	/** Faults that throw in the parent's codec; the others would end the tests. */
	private static final Set<Fault> IN_PARENT = EnumSet.of(Fault.EXCEPTION, Fault.ERROR, Fault.OUT_OF_MEMORY_THROWN,
			Fault.STACK_OVERFLOW);

	/**
	 * Learns from system properties where to go wrong, when not with an input: these are
	 * many processes, and init args would make each start twice as long.
	 */
	static class FaultyWorker implements Worker<String, String> {

		private final Phase phase = Phase.valueOf(System.getProperty("phase"));

		private final Fault fault = Fault.valueOf(System.getProperty("fault"));

		@Override
		public void init(WorkerContext context) {
			if (this.phase == Phase.INIT
					|| this.phase == Phase.INIT_ONCE && context.index() == 0 && context.incarnation() == 1) {
				this.fault.happen();
			}
		}

		@Override
		public String process(String input) {
			Phase.PROCESS.visit(input);
			return FaultyCodec.OUT + input;
		}

		@Override
		public void cleanup() {
			if (this.phase == Phase.CLEANUP) {
				this.fault.happen();
			}
		}

	}

	static Stream<Arguments> cells() {
		return Stream.of(Phase.values())
			.flatMap((phase) -> Stream.of(Fault.values())
				.filter((fault) -> (phase != Phase.ENCODE_INPUT && phase != Phase.DECODE_RESULT)
						|| IN_PARENT.contains(fault))
				.map((fault) -> Arguments.of(phase, fault)));
	}

	@ParameterizedTest(name = "{0} x {1}")
	@MethodSource("cells")
	void everyInputHasOneResult(Phase phase, Fault fault) throws Exception {
		PoolOptions options = options(phase, fault);
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(FaultyWorker.class), 2, options)) {
			switch (phase) {
				case INIT -> initFails(pool, fault);
				case CLEANUP -> cleanupFails(pool, fault);
				default -> taskFails(pool, phase, fault);
			}
		}
	}

	private static PoolOptions options(Phase phase, Fault fault) {
		boolean loop = fault == Fault.LOOP;
		PoolOptions.Builder options = PoolOptions.builder()
			.name("matrix")
			.codec(FaultyCodec.class.getName())
			.jvmArgs(List.of("-Xmx32m", "-XX:TieredStopAtLevel=1", "-Dphase=" + phase, "-Dfault=" + fault))
			.killGrace(Duration.ofMillis(300))
			.restartBackoff(Duration.ofMillis(10));
		if (loop) {
			options.taskTimeout(Duration.ofSeconds(2));
		}
		if (loop && (phase == Phase.INIT || phase == Phase.INIT_ONCE)) {
			options.initTimeout(Duration.ofSeconds(4));
		}
		if (loop && phase == Phase.CLEANUP) {
			options.cleanupTimeout(Duration.ofSeconds(1));
		}
		if (phase == Phase.INIT) {
			options.restartIntensity(1);
		}
		return options.build();
	}

	private static List<String> inputs(Phase phase, Fault fault) {
		List<String> inputs = IntStream.range(0, 40)
			.mapToObj((i) -> "input " + i)
			.collect(Collectors.toCollection(ArrayList::new));
		if (phase != Phase.INIT_ONCE && phase != Phase.INIT && phase != Phase.CLEANUP) {
			inputs.set(17, phase + ":" + fault);
		}
		return inputs;
	}

	private static void taskFails(ProcessPool<String, String> pool, Phase phase, Fault fault) throws Exception {
		if (phase != Phase.INIT_ONCE) {
			assertThat(pool.awaitReady(START)).isTrue();
		}
		long begin = System.nanoTime();
		List<String> inputs = inputs(phase, fault);
		List<TaskResult<String, String>> results = pool.imap(inputs).closeWhenDone(false).zipInOutTyp().toList();
		assertThat(results.stream().map(CrashMatrixIT::inputOf)).containsExactlyInAnyOrderElementsOf(inputs);
		for (TaskResult<String, String> result : results) {
			if (inputOf(result).startsWith(phase + ":")) {
				assertThat(result).isInstanceOf(TaskResult.Failure.class);
				assertCulprit(phase, fault, ((TaskResult.Failure<String, String>) result).exception());
			}
			else {
				assertThat(result)
					.isEqualTo(new TaskResult.Output<>(inputOf(result), FaultyCodec.OUT + inputOf(result)));
			}
		}
		assertThat(pool.submit("afterwards").get(START.toSeconds(), TimeUnit.SECONDS))
			.isEqualTo(FaultyCodec.OUT + "afterwards");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CELL);
		assertThat(pool.awaitReady(START)).isTrue();
		assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
		if (phase == Phase.INIT_ONCE) {
			assertThat(pool.stats().exits()).singleElement().satisfies((exit) -> assertStart(exit, fault));
		}
	}

	private static String inputOf(TaskResult<String, String> result) {
		return (result instanceof TaskResult.Output<String, String> output) ? output.input()
				: ((TaskResult.Failure<String, String>) result).input();
	}

	private static void assertCulprit(Phase phase, Fault fault, ExceptionContext exception) {
		Throwable value = exception.value();
		if (fault.isThrown() || fault == Fault.OUT_OF_MEMORY_THROWN) {
			Throwable thrown = value;
			if (phase != Phase.PROCESS) {
				assertThat(value).isInstanceOf(PayloadException.class)
					.hasMessageContaining(
							(phase == Phase.ENCODE_INPUT || phase == Phase.DECODE_INPUT) ? "input" : "output")
					.hasMessageContaining(
							(phase == Phase.ENCODE_INPUT || phase == Phase.ENCODE_RESULT) ? "encode" : "decode")
					.hasMessageContaining("matrix");
				thrown = value.getCause();
			}
			assertThat(thrown).isInstanceOf(switch (fault) {
				case EXCEPTION -> IllegalStateException.class;
				case ERROR -> AssertionError.class;
				case STACK_OVERFLOW -> StackOverflowError.class;
				default -> OutOfMemoryError.class;
			});
			assertThat(exception.formattedTraceback()).contains(thrown.getClass().getName());
		}
		else if (fault == Fault.LOOP) {
			assertThat(value).isInstanceOf(TaskTimeoutException.class)
				.hasMessageContaining("task-timeout")
				.hasMessageContaining("2000 ms");
			assertThat(((TaskTimeoutException) value).stack()).contains("Fault$").contains("FaultyCodec$Phase.visit");
		}
		else {
			assertThat(value).isInstanceOf(WorkerCrashedException.class).hasMessageContaining("matrix");
			WorkerCrashedException crash = (WorkerCrashedException) value;
			assertThat(crash.exit().reason()).isEqualTo(ExitReason.CRASHED);
			assertThat(crash.exit().taskInFlight()).isNotNull();
			assertThat(crash.attempts()).hasSize(1);
			assertStatus(crash.exit(), fault);
		}
	}

	private static void assertStatus(WorkerExit exit, Fault fault) {
		assertThat(exit.explanation()).contains(exit.status());
		switch (fault) {
			case EXIT -> assertThat(exit.status()).isEqualTo("exit code 5");
			case HALT -> assertThat(exit.status()).isEqualTo("exit code 6");
			case OUT_OF_MEMORY -> {
				assertThat(exit.status()).isEqualTo("exit code 3");
				assertThat(exit.explanation()).contains("OutOfMemoryError");
			}
			default -> assertThat(exit.status()).isEqualTo("signal SIGKILL (9)");
		}
	}

	private static void assertStart(WorkerExit exit, Fault fault) {
		if (fault == Fault.LOOP) {
			assertThat(exit.reason()).isEqualTo(ExitReason.START_TIMEOUT);
			assertThat(exit.explanation()).contains("init-timeout");
			return;
		}
		assertThat(exit.reason()).isEqualTo(ExitReason.START_FAILED);
		if (fault.isThrown() || fault == Fault.OUT_OF_MEMORY_THROWN) {
			assertThat(exit.failure()).isNotNull();
			assertThat(exit.explanation())
				.contains((fault == Fault.STACK_OVERFLOW) ? "Fault.recurse" : "FaultyWorker.init");
		}
		else {
			assertStatus(exit, fault);
		}
	}

	private static void initFails(ProcessPool<String, String> pool, Fault fault) {
		long begin = System.nanoTime();
		List<String> inputs = inputs(Phase.INIT, fault);
		List<TaskResult<String, String>> results = pool.imap(inputs).closeWhenDone(false).zipInOutTyp().toList();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CELL);
		assertThat(results).isNotEmpty().allSatisfy((result) -> {
			assertThat(result).isInstanceOf(TaskResult.Failure.class);
			assertThat(((TaskResult.Failure<String, String>) result).exception().value())
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("restart.intensity");
		});
		assertThat(pool.state()).isEqualTo(PoolState.FAILED);
		assertThatThrownBy(() -> pool.submit("late").get(10, TimeUnit.SECONDS)).cause()
			.isInstanceOfSatisfying(PoolFailedException.class,
					(failed) -> assertThat(failed.exits()).isNotEmpty().anySatisfy((exit) -> assertStart(exit, fault)));
		assertThatThrownBy(() -> pool.awaitReady(Duration.ofSeconds(1))).isInstanceOf(PoolFailedException.class);
	}

	private static void cleanupFails(ProcessPool<String, String> pool, Fault fault) throws Exception {
		assertThat(pool.awaitReady(START)).isTrue();
		long begin = System.nanoTime();
		List<String> inputs = inputs(Phase.CLEANUP, fault);
		List<TaskResult<String, String>> results = pool.imap(inputs).closeWhenDone(true).zipInOutTyp().toList();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CELL);
		assertThat(results.stream().filter((result) -> result instanceof TaskResult.Output).map(CrashMatrixIT::inputOf))
			.containsExactlyInAnyOrderElementsOf(inputs);
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
		List<TaskResult<String, String>> failures = results.stream()
			.filter((result) -> result instanceof TaskResult.Failure)
			.toList();
		assertThat(failures).hasSize(2).allSatisfy((failure) -> {
			TaskResult.Failure<String, String> shown = (TaskResult.Failure<String, String>) failure;
			assertThat(shown.hasInput()).isFalse();
			assertThat(shown.exception().formattedTraceback()).isNotEmpty();
		});
		assertThat(pool.stats().exits()).hasSize(2).allSatisfy((exit) -> {
			assertThat(exit.reason()).isEqualTo(ExitReason.REQUESTED);
			if (fault.isThrown() || fault == Fault.OUT_OF_MEMORY_THROWN) {
				assertThat(exit.explanation())
					.contains((fault == Fault.STACK_OVERFLOW) ? "Fault.recurse" : "FaultyWorker.cleanup");
			}
			else {
				assertStatus(exit, fault);
				assertThat(exit.failure().value()).isInstanceOf(WorkerCleanupException.class)
					.hasMessageContaining((fault == Fault.LOOP) ? "cleanup-timeout (1000 ms)" : "ended the process");
			}
		});
	}

}
