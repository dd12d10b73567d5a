package io.vimap.suite;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolMode;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.Progress;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * vimap's suite: data streams through a pool lazily, and never more of it than allowed.
 */
class StreamingSuiteIT {

	/** Notes how many inputs were under way when one was pulled. */
	private static final class Gauge implements Iterator<Integer> {

		private final AtomicInteger pulled = new AtomicInteger();

		private final AtomicInteger taken = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		private final int count;

		Gauge(int count) {
			this.count = count;
		}

		@Override
		public boolean hasNext() {
			return this.pulled.get() < this.count;
		}

		@Override
		public Integer next() {
			int number = this.pulled.getAndIncrement();
			this.most.accumulateAndGet(number + 1 - this.taken.get(), Math::max);
			return number;
		}

	}

	private static ProcessPool<Integer, Integer> echo(int processes) {
		return Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), processes,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build());
	}

	@Test
	void twoThreadsThatReadOneStreamAtOnceAreToldSo(@TempDir Path directory) throws Exception {
		Path gate = directory.resolve("gate");
		String gateName = gate.toString();
		WorkerSpec<Integer, Integer> worker = WorkerSpec.function((input) -> {
			while (!Files.exists(Path.of(gateName))) {
				Thread.sleep(5);
			}
			return input;
		});
		ExecutorService readers = Executors.newCachedThreadPool();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(worker, 1,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build())) {
			Iterator<Integer> results = pool.imap(List.of(1, 2, 3)).outputs().iterator();
			Future<Integer> first = readers.submit(results::next);
			Awaitility.await().until(() -> pool.stats().inFlight() > 0);
			Future<Integer> second = readers.submit(results::next);
			assertThatThrownBy(() -> second.get(20, TimeUnit.SECONDS)).cause()
				.isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("read an imap of pool 'suite' at once")
				.hasMessageContaining("give each thread an imap of its own");
			Files.createFile(gate);
			// Who was first has lost nothing, and others may go on after it.
			assertThat(first.get(20, TimeUnit.SECONDS)).isEqualTo(1);
			assertThat(readers.submit(results::next).get(20, TimeUnit.SECONDS)).isEqualTo(2);
			assertThat(results).toIterable().containsExactly(3);
		}
		finally {
			readers.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 16 })
	void inputsAreNotPulledLongBeforeTheyAreNeeded(int bound) {
		Set<Integer> processed = new HashSet<>();
		AtomicInteger surplus = new AtomicInteger();
		Iterator<Integer> inputs = new Iterator<>() {

			private int next;

			@Override
			public boolean hasNext() {
				return this.next < 100 || processed.size() < 100;
			}

			@Override
			public Integer next() {
				if (this.next < 100) {
					return this.next++;
				}
				surplus.incrementAndGet();
				return -1;
			}

		};
		try (ProcessPool<Integer, Integer> pool = echo(1)) {
			pool.imap(inputs).maxInFlight(bound).zipInOut().forEach((pair) -> {
				if (pair.input() >= 0) {
					processed.add(pair.input());
				}
			});
		}
		assertThat(surplus).hasValueLessThanOrEqualTo(bound);
	}

	@Test
	void theBoundHoldsAtEveryMoment() {
		try (ProcessPool<Integer, Integer> pool = echo(2)) {
			for (int bound : new int[] { 1, 2, 3, 10, 100 }) {
				for (int chunk : new int[] { 1, Math.min(3, bound), Math.min(50, bound) }) {
					for (boolean ordered : new boolean[] { false, true }) {
						Gauge gauge = new Gauge(1000);
						Imap<Integer, Integer> imap = pool.imap(gauge).maxInFlight(bound).chunked(chunk);
						(ordered ? imap.ordered() : imap).outputs().forEach((output) -> gauge.taken.incrementAndGet());
						assertThat(gauge.taken).hasValue(1000);
						assertThat(gauge.most.get()).as("bound %d, chunk %d, ordered %s", bound, chunk, ordered)
							.isBetween(1, bound);
					}
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 3, 10 })
	void theBoundHoldsWhereInputsAreSlow(int chunk) {
		Gauge gauge = new Gauge(25);
		Iterator<Integer> slow = Stream.generate(() -> {
			// So slow that chunks are sent in parts.
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(40));
			return gauge.next();
		}).limit(25).iterator();
		try (ProcessPool<Integer, Integer> pool = echo(2)) {
			pool.imap(slow).maxInFlight(10).chunked(chunk).outputs().forEach((output) -> gauge.taken.incrementAndGet());
		}
		assertThat(gauge.taken).hasValue(25);
		assertThat(gauge.most.get()).isBetween(1, 10);
	}

	@Test
	void theBoundHoldsForAFeederToo() {
		ExecutorService executor = Executors.newCachedThreadPool();
		try (ProcessPool<Integer, Integer> pool = echo(2)) {
			for (int bound : new int[] { 1, 2, 10 }) {
				Gauge gauge = new Gauge(1000);
				pool.imap(gauge)
					.maxInFlight(bound)
					.feeder(executor)
					.outputs()
					.forEach((output) -> gauge.taken.incrementAndGet());
				assertThat(gauge.taken).hasValue(1000);
				assertThat(gauge.most.get()).isBetween(1, bound);
			}
		}
		finally {
			executor.shutdown();
		}
	}

	@Test
	void withoutABoundItIsASmallMultipleOfTheProcesses() {
		Gauge gauge = new Gauge(200);
		try (ProcessPool<Integer, Integer> pool = Vimap.fork(
				List.of(SuiteWorkers.adder(0, 5), SuiteWorkers.adder(0, 5)),
				SuiteWorkers.options(PoolMode.FORKED).build())) {
			pool.imap(gauge).outputs().forEach((output) -> gauge.taken.incrementAndGet());
		}
		assertThat(gauge.most).hasValueLessThanOrEqualTo(2 * 16);
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void anEndlessInputIsNoProblem(PoolMode mode) {
		try (ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(1, 1),
				SuiteWorkers.options(mode).closeWhenDone(false).build())) {
			try (Stream<Integer> outputs = pool.imap(Stream.iterate(0, (i) -> i + 1)).ordered().outputs()) {
				assertThat(outputs.limit(5000)).isEqualTo(IntStream.rangeClosed(1, 5000).boxed().toList());
			}
			assertThat(pool.submit(1)).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(2);
		}
	}

	@Test
	void oneSlowElementCannotGrowTheReorderBuffer() {
		Gauge gauge = new Gauge(300);
		List<Integer> seen = new ArrayList<>();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.<Integer, Integer>function((input) -> {
			Thread.sleep((input % 100 == 0) ? 300 : 0);
			return input;
		}), 2, SuiteWorkers.options(PoolMode.FORKED).build())) {
			pool.imap(gauge).ordered().maxInFlight(8).outputs().forEach((output) -> {
				gauge.taken.incrementAndGet();
				seen.add(output);
			});
		}
		assertThat(seen).isEqualTo(IntStream.range(0, 300).boxed().toList());
		assertThat(gauge.most).hasValueLessThanOrEqualTo(8);
	}

	@Test
	void inputsAreReleased() {
		List<WeakReference<int[]>> references = new ArrayList<>();
		try (ProcessPool<int[], Integer> pool = Vimap.forkIdentical(
				WorkerSpec.<int[], Integer>function((input) -> input[0]).types(int[].class, Integer.class), 1,
				SuiteWorkers.options(PoolMode.FORKED).build())) {
			pool.imap(IntStream.range(0, 100).mapToObj((i) -> {
				int[] input = { i };
				references.add(new WeakReference<>(input));
				return input;
			})).closeWhenDone(false).blockIgnoreOutput();
			Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				System.gc();
				assertThat(references).hasSize(100).allMatch((reference) -> reference.get() == null);
			});
		}
	}

	@Test
	void aSlowConsumerLosesNothing() {
		List<WorkerSpec<Integer, Integer>> workers = List.of(SuiteWorkers.adder(1, 1), SuiteWorkers.adder(1, 1),
				SuiteWorkers.adder(1, 1), SuiteWorkers.adder(1, 1));
		ProcessPool<Integer, Integer> pool = Vimap.fork(workers, SuiteWorkers.options(PoolMode.FORKED).build());
		Set<Integer> seen = new HashSet<>();
		pool.imap(IntStream.range(0, 100).boxed()).outputs().forEach((output) -> {
			seen.add(output);
			sleep(5);
		});
		assertThat(seen).hasSize(100);
	}

	private static void sleep(long millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Test
	void closingEarlyTakesBackWhatHasNotBegun(@TempDir Path directory) {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(
				WorkerSpec.of(SuiteWorkers.Marker.class).initArgs(new SuiteWorkers.MarkerArgs(directory.toString())), 2,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build())) {
			try (Stream<Integer> outputs = pool.imap(IntStream.range(0, 100).boxed()).maxInFlight(60).outputs()) {
				outputs.iterator().next();
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> pool.stats().inFlight() == 0 && pool.stats().queueDepth() == 0);
			assertThat(directory.toFile().list()).hasSizeLessThanOrEqualTo(8);
			assertThat(pool.submit(1000)).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(1000);
			assertThat(Files.exists(directory.resolve("99"))).isFalse();
		}
	}

	@Test
	@Timeout(60)
	void aFeederLetsResultsThroughWhileTheSourceBlocks() throws Exception {
		LinkedBlockingQueue<Integer> source = new LinkedBlockingQueue<>();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Iterator<Integer> inputs = Stream.generate(() -> {
			try {
				return source.take();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}).takeWhile((input) -> input >= 0).iterator();
		try (ProcessPool<Integer, Integer> pool = echo(2);
				Stream<Integer> outputs = pool.imap(inputs).feeder(executor).outputs()) {
			Iterator<Integer> results = outputs.iterator();
			for (int i = 0; i < 20; i++) {
				source.add(i);
				assertThat(results.next()).isEqualTo(i);
			}
			source.add(-1);
			assertThat(results.hasNext()).isFalse();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	@Timeout(60)
	void aStreamThatAnotherThreadClosesIsLeftByItsReader(boolean feeder) throws Exception {
		ExecutorService executor = Executors.newCachedThreadPool();
		try (ProcessPool<Integer, Integer> pool = echo(1)) {
			pool.pause(); // so that the reader waits
			Imap<Integer, Integer> imap = pool.imap(List.of(1, 2, 3));
			Stream<Integer> outputs = (feeder ? imap.feeder(executor) : imap).outputs();
			Future<?> reader = executor.submit(outputs::toList);
			Awaitility.await().until(() -> pool.stats().queueDepth() > 0);
			outputs.close();
			assertThatThrownBy(reader::get).cause()
				.isInstanceOf(CancellationException.class)
				.hasMessageContaining(pool.name())
				.hasMessageContaining("closed by another thread");
			pool.resume();
			assertThat(pool.submit(4).get()).isEqualTo(4);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@ParameterizedTest
	@CsvSource({ "FORKED,1", "FORKED,7", "SERIAL,1" })
	void anInputThatThrowsIsHeardAfterTheResultsBeforeIt(PoolMode mode, int chunk) {
		List<Integer> seen = new ArrayList<>();
		ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(0, 0), SuiteWorkers.options(mode).build());
		Stream<Integer> inputs = IntStream.range(0, 100).mapToObj((i) -> {
			if (i == 50) {
				throw new IllegalStateException("the source is broken");
			}
			return i;
		});
		assertThatThrownBy(() -> pool.imap(inputs).chunked(chunk).zipInOutTyp().forEach((result) -> seen.add(1)))
			.isInstanceOf(IllegalStateException.class)
			.hasMessage("the source is broken");
		assertThat(seen).hasSize(50);
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void progressIsReportedWhileTheRunIsReadAndInTheEnd(PoolMode mode) {
		List<Progress> reports = new ArrayList<>();
		ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(0, 0), SuiteWorkers.options(mode).build());
		pool.imap(IntStream.range(0, 500).boxed()).onProgress(Duration.ZERO, reports::add).blockIgnoreOutput();
		assertThat(reports).hasSize(501).isSortedAccordingTo((a, b) -> Long.compare(a.finished(), b.finished()));
		assertThat(reports).filteredOn(Progress::done).singleElement().isEqualTo(reports.get(500));
		assertThat(reports.get(500).succeeded()).isEqualTo(500);
		assertThat(reports.get(0).finished()).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void noInputsNoResults(PoolMode mode) {
		ProcessPool<Integer, Integer> pool = Vimap.fork(SuiteWorkers.adders(1, -1, 0),
				SuiteWorkers.options(mode).build());
		List<InOut<Integer, Integer>> results = pool.imap(List.<Integer>of()).zipInOut().toList();
		assertThat(results).isEmpty();
	}

}
