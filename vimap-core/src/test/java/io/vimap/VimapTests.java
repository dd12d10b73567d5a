package io.vimap;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.vimap.pool.Imap;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * What callers are told of bad arguments.
 */
class VimapTests {

	private static final Duration ENDLESS = Duration.ofSeconds(Long.MAX_VALUE);

	static class Adder implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			return input + 1;
		}

	}

	static class TwoParameters implements Worker<Integer, Integer> {

		TwoParameters(Integer one, Integer two) {
		}

		@Override
		public Integer process(Integer input) {
			return input;
		}

	}

	static class Anything implements Worker<Object, Integer> {

		@Override
		public Integer process(Object input) {
			return 1;
		}

	}

	@SuppressWarnings("rawtypes")
	static class Raw implements Worker {

		@Override
		public Object process(Object input) {
			return input;
		}

	}

	/** Is not serializable. */
	class Inner implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			return input;
		}

	}

	private final int summand = 1;

	private static PoolOptions options(PoolMode mode) {
		return PoolOptions.builder().name("try").mode(mode).autoStart(false).build();
	}

	private static ProcessPool<Integer, Integer> pool(PoolMode mode) {
		return Vimap.forkIdentical(WorkerSpec.of(Adder.class), 1, options(mode));
	}

	private static void refused(ThrowingCallable call, String... parts) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessageContainingAll(parts);
	}

	private static void needed(ThrowingCallable call, String what) {
		assertThatNullPointerException().isThrownBy(call).withMessageContaining("'" + what + "' must not");
	}

	@Test
	void workersAndOptionsArePresent() {
		WorkerSpec<Integer, Integer> adder = WorkerSpec.of(Adder.class);
		needed(() -> Vimap.fork((List<WorkerSpec<Integer, Integer>>) null), "workers");
		needed(() -> Vimap.fork(Arrays.asList(adder, null)), "workers");
		needed(() -> Vimap.fork(List.of(adder), null), "options");
		needed(() -> Vimap.forkIdentical(null, 1), "worker");
		needed(() -> Vimap.forkIdentical(adder, 1, null), "options");
		needed(() -> Vimap.<Integer, Integer>imapOrdered((input) -> input, null), "inputs");
		needed(() -> Vimap.<Integer, Integer>imapUnordered(null, List.of(1)), "function");
		refused(() -> Vimap.fork(List.<WorkerSpec<Integer, Integer>>of()), "'pool'", "no worker specs");
		refused(() -> Vimap.forkIdentical(adder, 0), "'processes'", "'0'");
	}

	@Test
	@SuppressWarnings({ "unchecked", "rawtypes" })
	void workersCanBeMadeInAChild() {
		refused(() -> fork(WorkerSpec.of(Inner.class)), "Inner", "'try'", "make it static");
		refused(() -> fork(WorkerSpec.of(TwoParameters.class)), "TwoParameters", "'try'", "no constructor without");
		refused(() -> fork(WorkerSpec.of(Anything.class)), "The input of pool 'try'", "java.lang.Object");
		refused(() -> fork(WorkerSpec.of((Class) Raw.class)), "The input of pool 'try'", "'I'");
	}

	@Test
	void whatAFunctionCapturesCanBeSent() {
		Thread captured = Thread.currentThread();
		refused(() -> fork(WorkerSpec.<Integer, String>function((input) -> captured.getName())), "'try'",
				"java.lang.Thread");
		refused(() -> fork(WorkerSpec.<Integer, Integer>function((input) -> input + this.summand)),
				VimapTests.class.getName(), "captures that object");
	}

	private static <I, O> ProcessPool<I, O> fork(WorkerSpec<I, O> worker) {
		return Vimap.fork(List.of(worker), options(PoolMode.FORKED));
	}

	@ParameterizedTest
	@EnumSource
	void imapsAreSound(PoolMode mode) {
		try (ProcessPool<Integer, Integer> pool = pool(mode)) {
			needed(() -> pool.imap((Iterable<Integer>) null), "inputs");
			needed(() -> pool.imap((Iterator<Integer>) null), "inputs");
			needed(() -> pool.imap((Stream<Integer>) null), "inputs");
			Imap<Integer, Integer> imap = pool.imap(List.of(1));
			refused(() -> imap.chunked(0), "'try'", "chunked(0)");
			refused(() -> imap.maxInFlight(0), "'try'", "maxInFlight(0)");
			refused(() -> imap.taskTimeout(Duration.ZERO), "'try'", "taskTimeout(PT0S)");
			refused(() -> imap.taskTimeout(ENDLESS), "'try'", "36500 days");
			refused(() -> imap.onProgress(Duration.ofMillis(-1), (progress) -> {
			}), "'try'", "onProgress(PT-0.001S");
			needed(() -> imap.taskTimeout(null), "timeout");
			needed(() -> imap.feeder(null), "executor");
			needed(() -> imap.onProgress(Duration.ZERO, null), "listener");
		}
	}

	@ParameterizedTest
	@EnumSource
	void poolsAreAskedForWhatTheyCanDo(PoolMode mode) {
		try (ProcessPool<Integer, Integer> pool = pool(mode)) {
			refused(() -> pool.resize(0), "'try'", "0 processes");
			refused(() -> pool.resize(Integer.MAX_VALUE), "'try'", "2147483647 processes", "from 1 to 10000");
			needed(() -> pool.signal(null, ""), "topic");
			needed(() -> pool.signal("topic", null), "message");
			refused(() -> pool.signal("t".repeat(1025), ""), "'try'", "topic of 1025 bytes", "1024");
			refused(() -> pool.signal("topic", "ä".repeat(33_000)), "'try'", "message of 66000 bytes", "65536");
		}
	}

	@Test
	void optionsNameThePropertyThatIsWrong() {
		PoolOptions.Builder options = PoolOptions.builder();
		List<Consumer<Duration>> times = List.of(options::taskTimeout, options::initTimeout, options::cleanupTimeout,
				options::startTimeout, options::drainTimeout, options::killGrace, options::restartPeriod,
				options::restartBackoff, options::restartMaxBackoff, options::maxLifetime);
		for (Consumer<Duration> time : times) {
			refused(() -> time.accept(Duration.ofSeconds(-1)), "Property '", "PT-1S");
			refused(() -> time.accept(ENDLESS), "Property '", "at most 36500 days");
		}
		needed(() -> options.name(null), "name");
		needed(() -> options.initTimeout(null), "init-timeout");
		needed(() -> options.retryOn(null), "retry.on");
		needed(() -> options.codec(null), "codec");
		needed(() -> options.jvmArgs(null), "jvm-args");
		needed(() -> options.commandPrefix(Arrays.asList("nice", null)), "command-prefix[…]");
		needed(() -> options.output(null), "output");
		needed(() -> options.mode(null), "mode");
		refused(() -> options.environment(Map.of("A=B", "C")), "'environment'", "'A=B'");
		refused(() -> options.environment(Map.of("", "C")), "'environment'", "''");
	}

}
