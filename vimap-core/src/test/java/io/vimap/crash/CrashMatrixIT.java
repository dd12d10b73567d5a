package io.vimap.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
import io.vimap.pool.WorkerInfo;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

/**
 * Everything that can go wrong, everywhere it can: each input has exactly one result, the
 * innocent ones succeed, and afterwards the pool works, or has failed with its reasons.
 */
@ExtendWith(LeakCheck.class)
class CrashMatrixIT {

	private static final Duration CELL = Duration.ofSeconds(10);

	private static final Duration START = Duration.ofSeconds(60);

	/** Where the parent's codec works. */
	private static final Set<Phase> PARENTS = EnumSet.of(Phase.ENCODE_INPUT, Phase.DECODE_RESULT);

	/** Faults that throw there; the others would end the tests. */
	private static final Set<Fault> IN_PARENT = EnumSet.of(Fault.EXCEPTION, Fault.ERROR, Fault.OUT_OF_MEMORY_THROWN,
			Fault.STACK_OVERFLOW);

	/** One pool for all faults in tasks: it survives every one of them. */
	private static ProcessPool<String, String> survivor;

	static class FaultyTasks implements Worker<String, String> {

		@Override
		public String process(String input) {
			Phase.PROCESS.visit(input);
			return FaultyCodec.OUT + input;
		}

	}

	/**
	 * Learns from system properties where to go wrong: these are many processes, and init
	 * args would make each start twice as long.
	 */
	static class FaultyLife extends FaultyTasks {

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
		public void cleanup() {
			if (this.phase == Phase.CLEANUP) {
				this.fault.happen();
			}
		}

	}

	@BeforeAll
	static void fork() throws Exception {
		survivor = Vimap.forkIdentical(WorkerSpec.of(FaultyTasks.class), 2,
				options().taskTimeout(Duration.ofSeconds(2))
					.restartIntensity(100)
					.restartMaxBackoff(Duration.ofMillis(10))
					.build());
		assertReady(survivor);
	}

	@AfterAll
	static void close() {
		survivor.close();
	}

	private static PoolOptions.Builder options(String... jvmArgs) {
		return PoolOptions.builder()
			.name("matrix")
			.codec(FaultyCodec.class.getName())
			.jvmArgs(Stream.concat(Stream.of("-Xmx32m", "-XX:TieredStopAtLevel=1"), Stream.of(jvmArgs)).toList())
			.killGrace(Duration.ofMillis(300))
			.restartBackoff(Duration.ofMillis(10));
	}

	static Stream<Arguments> tasks() {
		return Stream
			.of(Phase.ENCODE_INPUT, Phase.DECODE_INPUT, Phase.PROCESS, Phase.ENCODE_RESULT, Phase.DECODE_RESULT)
			.flatMap((phase) -> Stream.of(Fault.values())
				.filter((fault) -> !PARENTS.contains(phase) || IN_PARENT.contains(fault))
				.map((fault) -> Arguments.of(phase, fault)));
	}

	@ParameterizedTest(name = "{0} x {1}")
	@MethodSource("tasks")
	void aTaskFailsAlone(Phase phase, Fault fault) throws Exception {
		List<Long> pids = survivor.stats().workers().stream().map(WorkerInfo::pid).toList();
		List<WorkerExit> before = survivor.stats().exits();
		List<String> inputs = inputs();
		inputs.set(17, phase + ":" + fault);
		assertEachInputHasItsResult(survivor, inputs, (culprit) -> assertCulprit(phase, fault, culprit));
		boolean ends = !fault.isThrown() && !PARENTS.contains(phase);
		if (ends) {
			// The result may be known before.
			Awaitility.await().atMost(CELL).until(() -> !survivor.stats().exits().equals(before));
		}
		assertReady(survivor);
		List<WorkerExit> exits = new ArrayList<>(survivor.stats().exits());
		exits.removeAll(before);
		assertThat(survivor.stats().workers().stream().map(WorkerInfo::pid).filter(pids::contains))
			.hasSize(2 - exits.size());
		if (ends) {
			assertThat(exits).singleElement().satisfies((exit) -> {
				assertThat(exit.pid()).isIn(pids);
				assertThat(exit.reason())
					.isEqualTo((fault == Fault.LOOP) ? ExitReason.TASK_TIMEOUT : ExitReason.CRASHED);
				assertStatus(exit, fault);
			});
		}
		else {
			assertThat(exits).isEmpty();
		}
	}

	private static void assertReady(ProcessPool<String, String> pool) throws InterruptedException {
		assertThat(pool.awaitReady(START)).isTrue();
		assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
	}

	@ParameterizedTest(name = "{0}")
	@EnumSource
	void oneWorkerCannotStart(Fault fault) throws Exception {
		PoolOptions.Builder options = options("-Dphase=" + Phase.INIT_ONCE, "-Dfault=" + fault);
		if (fault == Fault.LOOP) {
			options.initTimeout(Duration.ofSeconds(2));
		}
		try (ProcessPool<String, String> pool = fork(options)) {
			assertEachInputHasItsResult(pool, inputs(), (culprit) -> fail("no task is faulty: " + culprit));
			assertReady(pool);
			assertThat(pool.stats().exits()).singleElement().satisfies((exit) -> assertStart(exit, fault));
		}
	}

	private static ProcessPool<String, String> fork(PoolOptions.Builder options) {
		return Vimap.forkIdentical(WorkerSpec.of(FaultyLife.class), 2, options.build());
	}

	private static List<String> inputs() {
		return IntStream.range(0, 40).mapToObj((i) -> "input " + i).collect(Collectors.toCollection(ArrayList::new));
	}

	private static void assertEachInputHasItsResult(ProcessPool<String, String> pool, List<String> inputs,
			Consumer<ExceptionContext> culprit) throws Exception {
		long begin = System.nanoTime();
		List<TaskResult<String, String>> results = pool.imap(inputs).closeWhenDone(false).zipInOutTyp().toList();
		assertThat(results.stream().map(CrashMatrixIT::inputOf)).containsExactlyInAnyOrderElementsOf(inputs);
		for (TaskResult<String, String> result : results) {
			if (inputOf(result).startsWith("input ")) {
				assertThat(result)
					.isEqualTo(new TaskResult.Output<>(inputOf(result), FaultyCodec.OUT + inputOf(result)));
			}
			else {
				assertThat(result).isInstanceOf(TaskResult.Failure.class);
				culprit.accept(((TaskResult.Failure<String, String>) result).exception());
			}
		}
		assertThat(pool.submit("afterwards").get(START.toSeconds(), TimeUnit.SECONDS))
			.isEqualTo(FaultyCodec.OUT + "afterwards");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(CELL);
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
			case OUT_OF_MEMORY_THROWN -> assertThat(exit.status()).isEqualTo("exit code 3");
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
				.contains((fault == Fault.STACK_OVERFLOW) ? "Fault.recurse" : "FaultyLife.init");
		}
		else {
			assertStatus(exit, fault);
		}
	}

	@ParameterizedTest(name = "{0}")
	@EnumSource
	void noWorkerCanStart(Fault fault) {
		PoolOptions.Builder options = options("-Dphase=" + Phase.INIT, "-Dfault=" + fault).restartIntensity(1);
		if (fault == Fault.LOOP) {
			options.initTimeout(Duration.ofSeconds(1));
		}
		try (ProcessPool<String, String> pool = fork(options)) {
			assertPoolFails(pool, fault);
		}
	}

	private static void assertPoolFails(ProcessPool<String, String> pool, Fault fault) {
		long begin = System.nanoTime();
		List<TaskResult<String, String>> results = pool.imap(inputs()).closeWhenDone(false).zipInOutTyp().toList();
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

	@ParameterizedTest(name = "{0}")
	@EnumSource
	void cleanupFails(Fault fault) throws Exception {
		PoolOptions.Builder options = options("-Dphase=" + Phase.CLEANUP, "-Dfault=" + fault);
		if (fault == Fault.LOOP) {
			options.cleanupTimeout(Duration.ofSeconds(1));
		}
		try (ProcessPool<String, String> pool = fork(options)) {
			assertThat(pool.awaitReady(START)).isTrue();
			assertCleanupFailures(pool, fault);
		}
	}

	private static void assertCleanupFailures(ProcessPool<String, String> pool, Fault fault) {
		long begin = System.nanoTime();
		List<String> inputs = inputs();
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
					.contains((fault == Fault.STACK_OVERFLOW) ? "Fault.recurse" : "FaultyLife.cleanup");
			}
			else {
				assertStatus(exit, fault);
				assertThat(exit.failure().value()).isInstanceOf(WorkerCleanupException.class)
					.hasMessageContaining((fault == Fault.LOOP) ? "cleanup-timeout (1000 ms)" : "ended the process");
			}
		});
	}

}
