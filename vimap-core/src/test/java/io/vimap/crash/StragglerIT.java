package io.vimap.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.vimap.Vimap;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static io.vimap.crash.SleeperPools.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A task that takes much longer than others costs nobody else any time, though workers
 * hold tasks beyond the one they run, and none of them is ever idle.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class StragglerIT {

	private static final int CALLERS = 8;

	private final AtomicBoolean enough = new AtomicBoolean();

	private final AtomicInteger done = new AtomicInteger();

	/** How many others were done while somebody waited, at most. */
	private final AtomicInteger overtaken = new AtomicInteger();

	static int sleep(int millis) throws InterruptedException {
		Thread.sleep(millis);
		return millis;
	}

	@Test
	void nothingWaitsForTheEndOfAStraggler() throws Exception {
		ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.function(StragglerIT::sleep), 2,
				options().build())) {
			List<Future<?>> calls = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				calls.add(callers.submit(() -> callUntilEnough(pool)));
			}
			awaitDone(1000);
			CompletableFuture<Integer> straggler = pool.submit(600_000);
			awaitDone(this.done.get() + 2000);
			this.enough.set(true);
			assertThat(straggler).isNotDone();
			straggler.cancel(true);
			for (Future<?> each : calls) {
				each.get(1, TimeUnit.MINUTES);
			}
		}
		finally {
			callers.shutdownNow();
		}
		assertThat(this.overtaken).hasValueLessThan(1000);
	}

	private int callUntilEnough(ProcessPool<Integer, Integer> pool) throws Exception {
		while (!this.enough.get()) {
			int before = this.done.get();
			pool.submit(1).get();
			this.overtaken.accumulateAndGet(this.done.incrementAndGet() - before, Math::max);
		}
		return this.done.get();
	}

	private void awaitDone(int count) {
		Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> this.done.get() >= count);
	}

}
