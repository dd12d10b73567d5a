package io.vimap.suite;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolMode;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of a run whose feeder waits for a source that has nothing, when its pool
 * ends.
 */
@Tag("concurrency")
class FeederIT {

	/** A source that has three inputs and then blocks. */
	private static final class Source implements Iterator<Integer> {

		private final LinkedBlockingQueue<Integer> queue = new LinkedBlockingQueue<>(List.of(1, 2, 3));

		private final CountDownLatch empty = new CountDownLatch(1);

		private final boolean blocksInHasNext;

		Source(boolean blocksInHasNext) {
			this.blocksInHasNext = blocksInHasNext;
		}

		@Override
		public boolean hasNext() {
			if (this.blocksInHasNext) {
				awaitInput();
			}
			return true;
		}

		@Override
		public Integer next() {
			awaitInput();
			return this.queue.remove();
		}

		private void awaitInput() {
			if (this.queue.isEmpty()) {
				this.empty.countDown();
				try {
					new CountDownLatch(1).await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		}

	}

	@ParameterizedTest
	@CsvSource({ "FORKED, false, 1, true", "FORKED, false, 1, false", "FORKED, false, 50, true",
			"FORKED, true, 1, true", "FORKED, true, 1, false", "FORKED, true, 50, true", "SERIAL, false, 1, true",
			"SERIAL, false, 1, false" })
	@Timeout(20)
	void aReaderDoesNotWaitForASourceThatBlocksWhenThePoolEnds(PoolMode mode, boolean fails, int chunk,
			boolean blocksInHasNext) throws Exception {
		Source source = new Source(blocksInHasNext);
		List<TaskResult<Integer, Integer>> results = new ArrayList<>();
		Consumer<ProcessPool<Integer, Integer>> end = fails ? (pool) -> pool.kill(0) : ProcessPool::close;
		ExecutorService executor = Executors.newCachedThreadPool();
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 1,
				SuiteWorkers.options(mode).restartIntensity(0).closeWhenDone(false).build());
				Stream<TaskResult<Integer, Integer>> stream = pool.imap(source)
					.chunked(chunk)
					.feeder(executor)
					.zipInOutTyp()) {
			executor.execute(() -> {
				try {
					source.empty.await();
					end.accept(pool);
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			});
			stream.forEach(results::add);
		}
		finally {
			executor.shutdownNow();
			assertThat(executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(results).hasSize(4);
		assertThat(results.subList(0, 3)).extracting(FeederIT::inputOf).containsExactlyInAnyOrder(1, 2, 3);
		assertThat(results.get(3)).isInstanceOfSatisfying(TaskResult.Failure.class, (failure) -> {
			assertThat(failure.hasInput()).isFalse();
			assertThat(failure.exception().value())
				.isInstanceOf(fails ? PoolFailedException.class : PoolClosedException.class);
		});
	}

	private static Integer inputOf(TaskResult<Integer, Integer> result) {
		return (result instanceof TaskResult.Output<Integer, Integer> output) ? output.input()
				: ((TaskResult.Failure<Integer, Integer>) result).input();
	}

}
