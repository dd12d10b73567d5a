package io.vimap.crash;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static io.vimap.crash.SleeperPools.PATIENCE;
import static io.vimap.crash.SleeperPools.fork;
import static io.vimap.crash.SleeperPools.get;
import static io.vimap.crash.SleeperPools.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who is called by a pool may close it: the pool ends all the same.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class CloseFromWithinIT {

	@Test
	void aListenerClosesThePoolWhenAWorkerEnds() throws Exception {
		CompletableFuture<ProcessPool<String, String>> made = new CompletableFuture<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void onWorkerExit(WorkerExit exit) {
				made.join().close();
			}

		};
		made.complete(fork(2, options().listeners(List.of(listener))));
		made.join().kill(0);
		awaitEnd(made.join());
	}

	@Test
	void aListenerClosesThePoolWhenATaskEnds() throws Exception {
		CompletableFuture<ProcessPool<String, String>> made = new CompletableFuture<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				made.join().close();
			}

		};
		made.complete(fork(2, options().listeners(List.of(listener))));
		CompletableFuture<String> other = made.join().submit("nap");
		assertThat(get(made.join().submit("pid"))).isNotEmpty();
		// It had been accepted.
		assertThat(get(other)).isEqualTo("slept");
		awaitEnd(made.join());
	}

	/** Such a task ends with its worker, which no reader hears of. */
	@Test
	void aListenerClosesThePoolWhenATaskIsKilled() throws Exception {
		CompletableFuture<ProcessPool<String, String>> made = new CompletableFuture<>();
		CompletableFuture<String> closer = new CompletableFuture<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				made.join().close();
				closer.complete(Thread.currentThread().getName());
			}

		};
		made.complete(fork(1,
				options().listeners(List.of(listener))
					.taskTimeout(Duration.ofMillis(100))
					.drainTimeout(PATIENCE.multipliedBy(2))));
		made.join().submit("stubborn");
		assertThat(get(closer)).isEqualTo("vimap-limits-dispatch");
		awaitEnd(made.join());
	}

	@Test
	void aCallbackOfATaskClosesThePool() throws Exception {
		ProcessPool<String, String> pool = fork(1, options());
		CompletableFuture<Void> closed = pool.submit("nap").thenRun(pool::close);
		closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		awaitEnd(pool);
	}

	private static void awaitEnd(ProcessPool<String, String> pool) {
		Awaitility.await().atMost(PATIENCE).until(() -> pool.state() == PoolState.TERMINATED);
		pool.close();
	}

}
