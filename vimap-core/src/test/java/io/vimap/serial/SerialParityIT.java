package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.serial.Subjects.Obedient;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test with a serial pool sees what a forked one would have shown.
 */
class SerialParityIT {

	private static final List<String> INPUTS = List.of("fine", "throw", "deep", "own", "error", "large", "unwritable",
			"null", "y".repeat(2000));

	@Test
	void bothModesSayTheSame() {
		assertThat(run(PoolMode.SERIAL)).isEqualTo(run(PoolMode.FORKED));
	}

	/** Plans made at random, but the same in each run of this test. */
	@Test
	void bothModesShowTheSameOfAnyPlan() {
		List<String> serial = runPlans(PoolMode.SERIAL);
		List<String> forked = runPlans(PoolMode.FORKED);
		for (int i = 0; i < serial.size(); i++) {
			assertThat(forked.get(i)).as("plan %d", i).isEqualTo(serial.get(i));
		}
	}

	private static List<String> runPlans(PoolMode mode) {
		Random random = new Random(29);
		List<String> seen = new ArrayList<>();
		try (ProcessPool<String, Value> pool = Vimap.forkIdentical(WorkerSpec.of(Obedient.class), 2,
				PoolOptions.builder().name("parity").mode(mode).maxPayload(1000).closeWhenDone(false).build())) {
			for (int plan = 0; plan < 200; plan++) {
				StringBuilder shown = new StringBuilder();
				try {
					runPlan(pool, random, shown);
				}
				catch (RuntimeException | Error ex) {
					shown.append(" thrown ").append(describe(ex));
				}
				// Which worker is free first is a matter of luck
				seen.add(shown.toString().replaceAll("(task|worker) \\d+", "$1"));
			}
		}
		return seen;
	}

	private static void runPlan(ProcessPool<String, Value> pool, Random random, StringBuilder shown) {
		List<String> inputs = random.ints(random.nextInt(12), 0, INPUTS.size()).mapToObj(INPUTS::get).toList();
		int last = random.nextInt(4);
		int limit = random.nextBoolean() ? 100 : random.nextInt(5);
		int ending = random.nextInt(20);
		Imap<String, Value> imap = pool.imap(() -> new Ending(inputs.iterator(), ending))
			.ordered()
			.chunked(1 + random.nextInt(4))
			.maxInFlight(4 + random.nextInt(10));
		if (random.nextInt(4) == 0) {
			imap = imap.feeder((task) -> new Thread(task).start());
		}
		switch (last) {
			case 0 -> inputs.forEach((input) -> shown
				.append(pool.submit(input).handle((output, failure) -> describe(failure) + output).join()));
			case 1 -> show(imap.outputs(), limit, shown, String::valueOf);
			case 2 -> show(imap.zipInOut(), limit, shown, String::valueOf);
			default -> show(imap.zipInOutTyp(), limit, shown, SerialParityIT::describe);
		}
	}

	private static <T> void show(Stream<T> results, int limit, StringBuilder shown, Function<T, String> describe) {
		try (results) {
			results.limit(limit).forEach((result) -> shown.append(describe.apply(result)).append('\n'));
		}
	}

	/** Throws instead of an element, or of the end. */
	private record Ending(Iterator<String> inputs, AtomicInteger left, boolean early) implements Iterator<String> {

		Ending(Iterator<String> inputs, int left) {
			this(inputs, new AtomicInteger(left), left % 2 == 0);
		}

		@Override
		public boolean hasNext() {
			if (this.early && this.left.get() == 0) {
				throw new IllegalStateException("no more");
			}
			return this.inputs.hasNext();
		}

		@Override
		public String next() {
			if (this.left.getAndDecrement() == 0) {
				throw new AssertionError("no next");
			}
			return this.inputs.next();
		}

	}

	private static List<String> run(PoolMode mode) {
		List<String> seen = new ArrayList<>();
		try (ProcessPool<String, Value> pool = Vimap.forkIdentical(WorkerSpec.of(Obedient.class), 1,
				PoolOptions.builder().name("parity").mode(mode).maxPayload(1000).closeWhenDone(false).build())) {
			pool.imap(INPUTS).ordered().zipInOutTyp().forEach((result) -> seen.add(describe(result)));
			// All classes have been loaded: only the sleep is over its time.
			pool.imap(List.of("slow"))
				.taskTimeout(Duration.ofSeconds(1))
				.zipInOutTyp()
				.forEach((result) -> seen.add(describe(result)));
			Thread.currentThread().interrupt();
			CompletableFuture<Value> task = pool.submit("interrupted?");
			seen.add("interrupted still: " + Thread.interrupted());
			seen.add(task.join().text());
		}
		return seen;
	}

	private static String describe(TaskResult<String, Value> result) {
		return (result instanceof TaskResult.Failure<String, Value> failure) ? failure.input() + " -> "
				+ failure.exception().className() + " | " + describe(failure.exception().value())
				: String.valueOf(result);
	}

	private static String describe(Throwable value) {
		return (value == null) ? ""
				: String.valueOf(value.getMessage())
					.replaceAll("task \\d+", "task")
					.replaceAll("worker \\d+", "worker")
					.replaceAll("pid \\d+", "pid")
					.replaceAll("elapsed \\d+", "elapsed")
					.replaceAll("\\s+at java.base\\S*/.*", "")
					.replaceAll("(at \\S*Obedient.process.*)(?s:.*)", "$1") + " | " + value.getCause() + " | "
						+ value.getSuppressed().length;
	}

}
