package io.vimap.suite;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.worker.ContextualWorker;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * vimap's suite: init args, chunks, and values that can or cannot travel.
 */
class ValuesSuiteIT {

	private final ThreadLocal<String> request = new ThreadLocal<>();

	private static PoolOptions options(PoolMode mode) {
		return SuiteWorkers.options(mode).build();
	}

	/**
	 * What an adder is bound to.
	 *
	 * @param init what it adds
	 * @param sleepMillis how long it takes
	 */
	record Args(int init, int sleepMillis) {
	}

	static class Adder implements Worker<Integer, Integer> {

		private final Args args;

		Adder(Args args) {
			this.args = args;
		}

		@Override
		public Integer process(Integer input) throws InterruptedException {
			Thread.sleep(this.args.sleepMillis());
			return input + this.args.init();
		}

	}

	static class ContextShower implements ContextualWorker<Integer, String> {

		@Override
		public String process(Integer input, Map<String, String> taskContext) {
			return input + " of " + taskContext.get("request");
		}

	}

	@ParameterizedTest
	@CsvSource({ "FORKED, 1", "FORKED, 5", "SERIAL, 1" })
	void eachTaskHasTheContextInWhichItsInputWasPulled(PoolMode mode, int chunk) {
		PoolOptions options = SuiteWorkers.options(mode)
			.taskContext(() -> Map.of("request", this.request.get()))
			.build();
		ProcessPool<Integer, String> pool = Vimap.forkIdentical(WorkerSpec.of(ContextShower.class), 1, options);
		assertThat(pool.imap(IntStream.range(0, 12).boxed().peek((i) -> this.request.set("r" + i)))
			.ordered()
			.chunked(chunk)
			.outputs()).containsExactlyElementsOf(IntStream.range(0, 12).mapToObj((i) -> i + " of r" + i).toList());
	}

	@ParameterizedTest
	@EnumSource
	void aFeederChangesNothingAboutWhoseContextTravels(PoolMode mode) {
		PoolOptions options = SuiteWorkers.options(mode)
			.taskContext(() -> Map.of("request", String.valueOf(this.request.get())))
			.build();
		ProcessPool<Integer, String> pool = Vimap.forkIdentical(WorkerSpec.of(ContextShower.class), 1, options);
		this.request.set("mine");
		assertThat(pool.imap(List.of(1, 2)).ordered().feeder((task) -> new Thread(task).start()).outputs())
			.containsExactly("1 of mine", "2 of mine");
	}

	@ParameterizedTest
	@EnumSource
	void whatIsTooLargeSaysWhichPropertyLimitsIt(PoolMode mode) {
		ProcessPool<String, String> pool = Vimap.forkIdentical(
				WorkerSpec.<String, String>function((input) -> input.repeat(100)), 1,
				SuiteWorkers.options(mode).maxPayload(1000).build());
		assertThat(pool.imap(List.of("x".repeat(2000), "x".repeat(20))).ordered().zipInOutTyp())
			.extracting((result) -> ((TaskResult.Failure<String, String>) result).exception().value().getMessage())
			.satisfiesExactly(
					(input) -> assertThat(input).contains("the input", "java.lang.String", "max-payload", "1000 bytes",
							"at least 2001"),
					(output) -> assertThat(output).contains("the output", "java.lang.String", "max-payload",
							"1000 bytes", "at least 2001"));
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void eachWorkerHasItsInitArgs(PoolMode mode) {
		List<WorkerSpec<Integer, Integer>> workers = IntStream.rangeClosed(1, 3)
			.<WorkerSpec<Integer, Integer>>mapToObj((i) -> WorkerSpec.of(Adder.class).initArgs(new Args(i, 100)))
			.toList();
		try (ProcessPool<Integer, Integer> pool = Vimap.fork(workers,
				SuiteWorkers.options(mode).prefetch(0).closeWhenDone(false).build())) {
			awaitReady(pool);
			for (int round = 0; round < 2; round++) {
				assertThat(pool.imap(List.of(4, 4, 4)).zipInOut()).containsExactlyInAnyOrder(new InOut<>(4, 5),
						new InOut<>(4, 6), new InOut<>(4, 7));
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void aNameThatTheWorkerHasNoPlaceForIsRefused(PoolMode mode) {
		WorkerSpec<Integer, Integer> misspelt = WorkerSpec.of(Adder.class)
			.initArgs(Map.of("init", 1, "sleepMilis", 100));
		assertThatIllegalArgumentException().isThrownBy(() -> Vimap.forkIdentical(misspelt, 1, options(mode)))
			.withMessageContaining(Adder.class.getName())
			.withMessageContaining("'sleepMilis'")
			.withMessageContaining("[init, sleepMillis]");
		WorkerSpec<Integer, Integer> right = WorkerSpec.of(Adder.class).initArgs(Map.of("init", 1, "sleepMillis", 0));
		assertThat(Vimap.forkIdentical(right, 1, options(mode)).imap(List.of(1)).outputs()).containsExactly(2);
	}

	private static void awaitReady(ProcessPool<?, ?> pool) {
		try {
			assertThat(pool.awaitReady(java.time.Duration.ofSeconds(60))).isTrue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1", "FORKED,3", "SERIAL,1" })
	void nullIsAValue(PoolMode mode, int chunk) {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 2,
				options(mode));
		assertThat(pool.imap(Arrays.asList(1, null, 2, null, null)).ordered().chunked(chunk).zipInOutTyp())
			.containsExactly(new TaskResult.Output<>(1, 1), new TaskResult.Output<>(null, null),
					new TaskResult.Output<>(2, 2), new TaskResult.Output<>(null, null),
					new TaskResult.Output<>(null, null));
	}

	/** Cannot be serialized, nor printed. */
	static final class Unserializable {

		private final ReentrantLock lock = new ReentrantLock();

		int three() {
			return this.lock.isLocked() ? 0 : 3;
		}

		@Override
		public String toString() {
			throw new UnsupportedOperationException();
		}

	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void whatCannotTravelIsBuiltInTheChild(PoolMode mode) {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.<Integer, Integer>of((context) -> {
			Unserializable built = new Unserializable();
			return (input) -> input + built.three();
		}), 3, options(mode));
		assertThat(pool.imap(List.of(1)).zipInOut()).containsExactly(new InOut<>(1, 4));
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void whatCannotTravelIsRefusedWhereItIsGiven(PoolMode mode) {
		Unserializable captured = new Unserializable();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Vimap.forkIdentical(
					WorkerSpec.<Integer, Integer>function((input) -> input + captured.three()), 1, options(mode)))
			.withMessageContaining(Unserializable.class.getName());
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1", "FORKED,4", "SERIAL,1" })
	void anInputOrOutputThatCannotTravelIsAFailureOfItsOwn(PoolMode mode, int chunk) {
		ProcessPool<Object, Object> pool = Vimap.forkIdentical(
				WorkerSpec.<Object, Object>function((input) -> input.equals(2) ? new Unserializable() : input), 2,
				options(mode));
		List<TaskResult<Object, Object>> results = pool.imap(List.<Object>of(1, 2, new Unserializable(), 4, 5, 6))
			.ordered()
			.chunked(chunk)
			.zipInOutTyp()
			.toList();
		assertThat(results).hasSize(6);
		for (int i = 0; i < 6; i++) {
			if (i == 1 || i == 2) {
				assertThat(results.get(i)).isInstanceOfSatisfying(TaskResult.Failure.class,
						(failure) -> assertThat(failure.exception().value()).isInstanceOf(PayloadException.class)
							.hasMessageContaining(Unserializable.class.getName()));
			}
			else {
				assertThat(results.get(i)).isEqualTo(new TaskResult.Output<Object, Object>(i + 1, i + 1));
			}
		}
	}

	/** Can't be written. */
	record Erroneous(int number) {

		@Override
		public int number() {
			throw new AssertionError("of the accessor");
		}

	}

	static class Reader implements Worker<Erroneous, Integer> {

		@Override
		public Integer process(@Nullable Erroneous input) {
			return 0;
		}

	}

	@ParameterizedTest
	@EnumSource
	void anErrorWhileAnInputIsWrittenIsAFailureOfItsOwn(PoolMode mode) {
		assertThat(Vimap.forkIdentical(WorkerSpec.of(Reader.class), 1, options(mode))
			.imap(Arrays.asList(null, new Erroneous(1), null))
			.ordered()
			.zipInOutTyp())
			.satisfiesExactly((result) -> assertThat(result).isEqualTo(new TaskResult.Output<>(null, 0)),
					(result) -> assertThat(result).isInstanceOfSatisfying(TaskResult.Failure.class,
							(failure) -> assertThat(failure.exception().value()).isInstanceOf(PayloadException.class)
								.hasMessageContaining("of the accessor")),
					(result) -> assertThat(result).isEqualTo(new TaskResult.Output<>(null, 0)));
	}

	/** Has a method to be a worker. */
	static final class Instance implements Serializable {

		private static final long serialVersionUID = 1L;

		private final int x;

		Instance(int x) {
			this.x = x;
		}

		Integer work(Integer z) {
			return this.x + z;
		}

	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void aMethodOfAnInstanceIsAWorker(PoolMode mode) {
		Instance instance = new Instance(7);
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.<Integer, Integer>function(instance::work),
				3, options(mode));
		assertThat(pool.imap(List.of(2100, 2200, 2300)).zipInOut()).containsExactlyInAnyOrder(new InOut<>(2300, 2307),
				new InOut<>(2100, 2107), new InOut<>(2200, 2207));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void chunksHaveAtLeastOneElement(int size) {
		for (PoolMode mode : PoolMode.values()) {
			try (ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(0),
					SuiteWorkers.options(mode).autoStart(false).build())) {
				assertThatIllegalArgumentException().isThrownBy(() -> pool.imap(List.of(1)).chunked(size))
					.withMessageContaining("chunked(" + size + ")");
			}
		}
	}

	@Test
	void aChunkFitsIntoTheBound() {
		for (PoolMode mode : PoolMode.values()) {
			try (ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(0),
					SuiteWorkers.options(mode).autoStart(false).build())) {
				Imap<Integer, Integer> imap = pool.imap(List.of(1)).chunked(10).maxInFlight(9);
				assertThatIllegalArgumentException().isThrownBy(imap::zipInOut)
					.withMessageContaining("chunked(10)")
					.withMessageContaining("a bound of 9");
			}
		}
	}

	@Test
	void anIteratorIsUsedByOneTerminalCall() {
		for (PoolMode mode : PoolMode.values()) {
			try (ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(0),
					SuiteWorkers.options(mode).build())) {
				for (Imap<Integer, Integer> imap : List.of(pool.imap(List.of(1, 2).iterator()),
						pool.imap(Stream.of(1, 2)))) {
					Imap<Integer, Integer> open = imap.closeWhenDone(false);
					assertThat(open.outputs()).hasSize(2);
					assertThatIllegalStateException().isThrownBy(open.ordered()::outputs)
						.withMessageContaining("an earlier terminal call has used");
				}
				Imap<Integer, Integer> again = pool.imap(List.of(1, 2)).closeWhenDone(false);
				assertThat(again.outputs()).hasSize(2);
				assertThat(again.outputs()).hasSize(2);
			}
		}
	}

	/** Says which process it is. */
	static class Which implements Worker<Integer, Long> {

		@Override
		public Long process(Integer input) throws InterruptedException {
			Thread.sleep(50);
			return ProcessHandle.current().pid();
		}

	}

	@Test
	void arraysOfAllSizesArriveAsTheyWereSent() {
		List<byte[]> arrays = IntStream.of(0, 1, 65_000, 65_535, 65_536, 65_537, 1 << 20, 7, 5_000_000, 100, 1 << 18)
			.mapToObj((size) -> {
				byte[] array = new byte[size];
				new Random(size).nextBytes(array);
				return array;
			})
			.toList();
		WorkerSpec<byte[], byte[]> echo = WorkerSpec.<byte[], byte[]>function((array) -> array)
			.types(byte[].class, byte[].class);
		List<byte[]> inputs = Stream.generate(() -> arrays).limit(5).flatMap(List::stream).toList();
		try (ProcessPool<byte[], byte[]> pool = Vimap.forkIdentical(echo, 2);
				Stream<InOut<byte[], byte[]>> results = pool.imap(inputs).zipInOut()) {
			assertThat(results).hasSize(55).allMatch((result) -> Arrays.equals(result.input(), result.output()));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 3 })
	void theElementsOfAChunkGoToOneWorker(int chunk) {
		try (ProcessPool<Integer, Long> pool = Vimap.forkIdentical(WorkerSpec.of(Which.class), 4,
				SuiteWorkers.options(PoolMode.FORKED).prefetch(0).closeWhenDone(false).build())) {
			awaitReady(pool);
			List<Long> pids = pool.imap(IntStream.range(0, 4 * chunk).boxed())
				.ordered()
				.chunked(chunk)
				.maxInFlight(4 * chunk)
				.outputs()
				.toList();
			for (int i = 0; i < 4 * chunk; i++) {
				assertThat(pids.get(i)).as("element %d", i).isEqualTo(pids.get(i - i % chunk));
			}
		}
	}

}
