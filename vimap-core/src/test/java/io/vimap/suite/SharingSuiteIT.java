package io.vimap.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.Imap;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolMode;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * vimap's suite: pools are used again and again, by many at once, with any number of
 * inputs.
 */
@Tag("concurrency")
class SharingSuiteIT {

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@AfterEach
	void shutDown() {
		this.executor.shutdownNow();
	}

	private static ProcessPool<Integer, Integer> adders(int processes) {
		return Vimap.forkIdentical(SuiteWorkers.adder(1, 0), processes,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build());
	}

	/** Waits for a file where its input names one. */
	private static String await(String input) {
		try {
			while (input.startsWith("/") && !Files.exists(Path.of(input))) {
				Thread.sleep(5);
			}
			return input;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Those behind it in its worker's window are taken back for the idle worker. */
	@Test
	void aLongTaskHoldsNoShortOneUp(@TempDir Path directory) throws Exception {
		Path end = directory.resolve("end");
		List<String> inputs = new ArrayList<>(List.of(end.toString()));
		IntStream.range(0, 17).forEach((i) -> inputs.add("short " + i));
		try (ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.function(SharingSuiteIT::await), 2,
				SuiteWorkers.options(PoolMode.FORKED).prefetch(8).closeWhenDone(false).build())) {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
			try (Stream<String> outputs = pool.imap(inputs).maxInFlight(18).outputs()) {
				Iterator<String> iterator = outputs.iterator();
				List<String> early = new ArrayList<>();
				for (int i = 0; i < 17; i++) {
					early.add(iterator.next());
				}
				assertThat(early).containsExactlyInAnyOrderElementsOf(inputs.subList(1, 18));
				Files.createFile(end);
				assertThat(iterator.next()).isEqualTo(end.toString());
				assertThat(iterator.hasNext()).isFalse();
			}
		}
	}

	/** A task with many results returns a list of them: the stream is as lazy as any. */
	@Test
	void severalResultsPerInputStayWithinTheBound() {
		AtomicLong pulled = new AtomicLong();
		try (ProcessPool<Integer, List<Integer>> pool = Vimap.forkIdentical(
				WorkerSpec.function((Integer input) -> List.of(input, input, input)), 2,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build());
				Stream<List<Integer>> outputs = pool.imap(Stream.generate(() -> (int) pulled.incrementAndGet()))
					.ordered()
					.maxInFlight(4)
					.outputs()) {
			assertThat(outputs.flatMap(List::stream).limit(300)).containsExactlyElementsOf(
					IntStream.rangeClosed(1, 100).boxed().flatMap((i) -> Stream.of(i, i, i)).toList());
		}
		assertThat(pulled.get()).isBetween(100L, 104L);
	}

	@Test
	void fuzzOfSizesOrdersChunksAndBounds() {
		long seed = System.nanoTime();
		System.out.println("seed " + seed);
		Random random = new Random(seed);
		try (ProcessPool<Integer, Integer> pool = adders(3)) {
			for (int n = 0; n < 300; n++) {
				int count = (n < 100) ? n : random.nextInt(2000);
				Imap<Integer, Integer> imap = pool.imap(IntStream.range(0, count).boxed());
				imap = random.nextBoolean() ? imap.ordered() : imap;
				int chunk = 1 + random.nextInt(200);
				imap = random.nextBoolean() ? imap.chunked(chunk) : imap;
				imap = random.nextBoolean() ? imap.maxInFlight(chunk + random.nextInt(100)) : imap;
				imap = (random.nextInt(4) == 0) ? imap.feeder(this.executor) : imap;
				List<InOut<Integer, Integer>> results = imap.zipInOut().toList();
				assertThat(results).hasSize(count).allMatch((pair) -> pair.output() == pair.input() + 1);
				assertThat(results.stream().map(InOut::input).collect(Collectors.toSet())).hasSize(count);
			}
		}
	}

	@Test
	void manyResultsAtOnceOverwhelmNothing() {
		try (ProcessPool<Integer, byte[]> pool = Vimap.forkIdentical(
				WorkerSpec.<Integer, byte[]>function(byte[]::new).types(Integer.class, byte[].class), 3,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build())) {
			assertThat(pool.imap(IntStream.range(0, 10_000).boxed()).outputs().mapToLong((bytes) -> bytes.length).sum())
				.isEqualTo(10_000L * 9_999 / 2);
			List<CompletableFuture<byte[]>> all = IntStream.range(0, 10_000).mapToObj(pool::submit).toList();
			assertThat(all.stream().mapToLong((future) -> future.join().length).sum()).isEqualTo(10_000L * 9_999 / 2);
		}
	}

	@Test
	void workersReallyRunAtTheSameTime() throws Exception {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Sleeper.class), 3,
				SuiteWorkers.options(PoolMode.FORKED).prefetch(0).closeWhenDone(false).build())) {
			assertThat(pool.awaitReady(Duration.ofSeconds(60))).isTrue();
			long begin = System.nanoTime();
			List<Integer> indexes = pool.imap(Stream.generate(() -> 200).limit(9)).outputs().toList();
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1500));
			for (int worker = 0; worker < 3; worker++) {
				assertThat(indexes)
					.filteredOn(worker == 0 ? (i) -> i == 0 : worker == 1 ? (i) -> i == 1 : (i) -> i == 2)
					.hasSizeBetween(2, 4);
			}
		}
	}

	@Test
	@Timeout(60)
	void anEndlessImapStarvesNoSubmit() throws Exception {
		AtomicBoolean enough = new AtomicBoolean();
		try (ProcessPool<Integer, Integer> pool = adders(2)) {
			CompletableFuture<Long> flood = CompletableFuture.supplyAsync(() -> {
				try (Stream<Integer> outputs = pool.imap(Stream.generate(() -> 1)).outputs()) {
					return outputs.takeWhile((output) -> !enough.get()).count();
				}
			}, this.executor);
			long slowest = 0;
			assertThat(pool.awaitReady(Duration.ofSeconds(50))).isTrue();
			for (int i = 0; i < 200; i++) {
				long begin = System.nanoTime();
				assertThat(pool.submit(i).get(20, TimeUnit.SECONDS)).isEqualTo(i + 1);
				slowest = Math.max(slowest, System.nanoTime() - begin);
			}
			enough.set(true);
			assertThat(flood.get(20, TimeUnit.SECONDS)).isPositive();
			assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofSeconds(2));
		}
	}

	@Test
	@Timeout(60)
	void imapsShareFairly() throws Exception {
		AtomicBoolean enough = new AtomicBoolean();
		List<AtomicLong> counts = List.of(new AtomicLong(), new AtomicLong(), new AtomicLong());
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(SuiteWorkers.adder(1, 1), 2,
				SuiteWorkers.options(PoolMode.FORKED).closeWhenDone(false).build())) {
			assertThat(pool.awaitReady(Duration.ofSeconds(50))).isTrue();
			List<CompletableFuture<Void>> runs = new ArrayList<>();
			for (AtomicLong count : counts) {
				runs.add(CompletableFuture.runAsync(() -> {
					try (Stream<Integer> outputs = pool.imap(Stream.generate(() -> 1)).maxInFlight(20).outputs()) {
						outputs.takeWhile((output) -> !enough.get()).forEach((output) -> count.incrementAndGet());
					}
				}, this.executor));
			}
			Thread.sleep(2000);
			enough.set(true);
			CompletableFuture.allOf(runs.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		}
		long most = counts.stream().mapToLong(AtomicLong::get).max().orElseThrow();
		assertThat(counts).allMatch((count) -> count.get() * 3 > most, "at least a third of " + most);
	}

	@Test
	@Timeout(60)
	void manyThreadsUseOnePool() throws Exception {
		try (ProcessPool<Integer, Integer> pool = adders(2)) {
			List<CompletableFuture<Integer>> users = new ArrayList<>();
			for (int user = 0; user < 8; user++) {
				boolean submits = user % 2 == 0;
				users.add(CompletableFuture.supplyAsync(() -> {
					Set<Integer> seen = new HashSet<>();
					if (submits) {
						IntStream.range(0, 1000)
							.mapToObj(pool::submit)
							.toList()
							.forEach((each) -> seen.add(each.join()));
					}
					else {
						pool.imap(IntStream.range(0, 1000).boxed()).chunked(7).outputs().forEach(seen::add);
					}
					return seen.size();
				}, this.executor));
			}
			for (CompletableFuture<Integer> user : users) {
				assertThat(user.get(50, TimeUnit.SECONDS)).isEqualTo(1000);
			}
			assertThat(pool.stats().succeeded()).isEqualTo(8000);
		}
	}

}
