package io.vimap.dispatch;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.vimap.dispatch.DispatchHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Callbacks of many futures that are completed at once.
 */
@Timeout(60)
class CallbacksTests {

	private static final int MANY = 400;

	@AutoClose
	private final DispatchHarness harness = new DispatchHarness();

	@Test
	void callbacksThatAllWaitTakeFewThreads() {
		FakeWorker worker = this.harness.start(options().prefetch(MANY));
		CountDownLatch released = new CountDownLatch(1);
		List<CompletableFuture<Object>> callbacks = this.harness.submitAll(MANY)
			.stream()
			.map((future) -> future.thenApply((output) -> {
				await(released);
				return output;
			}))
			.toList();
		int before = Thread.activeCount();
		worker.answers(LongStream.rangeClosed(1, MANY).toArray());
		int started = Thread.activeCount() - before;
		released.countDown();
		assertThat(callbacks).allSatisfy((callback) -> assertThat(callback).succeedsWithin(20, TimeUnit.SECONDS));
		assertThat(started).isLessThan(MANY / 2);
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void callbacksMayWaitForAFutureWithCallbacks() {
		FakeWorker worker = this.harness.start(options().prefetch(MANY + 1));
		List<CompletableFuture<Object>> first = this.harness.submitAll(MANY);
		CompletableFuture<Object> last = this.harness.submit("last");
		CompletableFuture<Object> afterLast = last.thenApply((output) -> output);
		CountDownLatch waiting = new CountDownLatch(1);
		List<CompletableFuture<Object>> callbacks = first.stream().map((future) -> future.thenApply((output) -> {
			waiting.countDown();
			return last.join();
		})).toList();
		worker.answers(LongStream.rangeClosed(1, MANY).toArray());
		await(waiting);
		worker.answers(MANY + 1);
		assertThat(afterLast).succeedsWithin(20, TimeUnit.SECONDS);
		assertThat(callbacks).allSatisfy((callback) -> assertThat(callback).succeedsWithin(20, TimeUnit.SECONDS));
	}

}
