package io.vimap.suite;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * The workers of the suite.
 */
final class SuiteWorkers {

	private SuiteWorkers() {
	}

	static PoolOptions.Builder options(PoolMode mode) {
		// As little compilation as possible: most of these processes live briefly.
		return PoolOptions.builder().name("suite").mode(mode).jvmArgs(List.of("-XX:TieredStopAtLevel=1"));
	}

	/** Adds what it is bound to. */
	static WorkerSpec<Integer, Integer> adder(int init, int sleepMillis) {
		return WorkerSpec.function((input) -> {
			if (sleepMillis > 0) {
				sleep(sleepMillis);
			}
			return input + init;
		});
	}

	private static void sleep(int millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	static List<WorkerSpec<Integer, Integer>> adders(int... inits) {
		return IntStream.of(inits).mapToObj((init) -> adder(init, 0)).toList();
	}

	/** Returns what it gets. */
	static class Echo implements Worker<@Nullable Integer, @Nullable Integer> {

		@Override
		public @Nullable Integer process(@Nullable Integer input) {
			return input;
		}

	}

	/** Sleeps as many milliseconds as its input says, and returns its index. */
	static class Sleeper implements Worker<Integer, Integer> {

		private int index;

		@Override
		public void init(WorkerContext context) {
			this.index = context.index();
		}

		@Override
		public Integer process(Integer input) throws InterruptedException {
			Thread.sleep(input);
			return this.index;
		}

	}

	/** Leaves a file for each task it begins. */
	static class Marker implements Worker<Integer, Integer> {

		private final Path directory;

		Marker(MarkerArgs args) {
			this.directory = Path.of(args.directory());
		}

		@Override
		public Integer process(Integer input) throws Exception {
			Files.createFile(this.directory.resolve(String.valueOf(input)));
			Thread.sleep(100);
			return input;
		}

	}

	/**
	 * What a marker is bound to.
	 *
	 * @param directory where it leaves its files
	 */
	record MarkerArgs(String directory) {
	}

	/** Throws before it has seen an input. */
	static class RaisesImmediately implements Worker<Integer, Integer> {

		@Override
		public void init(WorkerContext context) {
			throw new IllegalArgumentException("hello");
		}

		@Override
		public Integer process(Integer input) {
			return input;
		}

	}

	/** Throws for inputs that are not negative. */
	static class RaisesWithCurlyBraces implements Worker<Integer, @Nullable Integer> {

		@Override
		public @Nullable Integer process(Integer input) {
			if (input >= 0) {
				throw new IllegalArgumentException("{0} curly braces! %s");
			}
			return null;
		}

	}

	/** Throws when there are no more inputs. */
	static class RaisesAfterIteration implements Worker<Integer, Integer> {

		@Override
		public Integer process(Integer input) {
			return input;
		}

		@Override
		public void cleanup() {
			throw new IllegalArgumentException("goodbye");
		}

	}

}
