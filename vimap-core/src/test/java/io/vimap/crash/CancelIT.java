package io.vimap.crash;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vimap.pool.ProcessPool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static io.vimap.crash.SleeperPools.fork;
import static io.vimap.crash.SleeperPools.get;
import static io.vimap.crash.SleeperPools.options;
import static io.vimap.crash.SleeperPools.threads;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A task that is cancelled frees its worker, wherever on its way it is.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class CancelIT {

	@Test
	void cancelTakesBackWhatHasNotBegun() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().prefetch(1).killGrace(Duration.ofSeconds(5)))) {
			CompletableFuture<String> running = pool.submit("sleep");
			CompletableFuture<String> prefetched = pool.submit("stubborn");
			CompletableFuture<String> queued = pool.submit("stubborn");
			CompletableFuture<String> last = pool.submit("pid");
			Awaitility.await().until(() -> pool.stats().inFlight() == 2);
			assertThat(queued.cancel(true)).isTrue();
			assertThat(prefetched.cancel(true)).isTrue();
			assertThat(running.cancel(true)).isTrue();
			assertThat(get(last)).isNotEmpty();
			assertThat(running).isCancelled();
			assertThatThrownBy(running::join).isInstanceOf(CancellationException.class);
			assertThat(pool.stats().queueDepth()).isZero();
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	@Test
	void cancelKillsWhatIgnoresIt() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options())) {
			String pid = get(pool.submit("pid"));
			CompletableFuture<String> running = pool.submit("stubborn");
			Awaitility.await().until(() -> threads(pool).contains("ignoreInterrupts"));
			running.cancel(true);
			assertThat(get(pool.submit("pid"))).isNotEqualTo(pid);
		}
	}

	/** Wherever on its way the task is when it is cancelled. */
	@Test
	void cancelAtAnyMomentFreesTheWorker() throws Exception {
		try (ProcessPool<String, String> pool = fork(1, options().killGrace(Duration.ofSeconds(30)))) {
			for (int i = 0; i < 200; i++) {
				CompletableFuture<String> running = pool.submit("sleep");
				for (int turn = 0; turn < i * 50; turn++) {
					Thread.onSpinWait();
				}
				running.cancel(true);
				assertThat(pool.submit("next").get(20, TimeUnit.SECONDS)).isEqualTo("next");
			}
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

}
