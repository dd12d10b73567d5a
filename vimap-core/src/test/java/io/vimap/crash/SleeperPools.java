package io.vimap.crash;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vimap.Vimap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pools of {@link Sleeper}s that are soon done with what does not end by itself.
 */
final class SleeperPools {

	static final Duration PATIENCE = Duration.ofSeconds(60);

	private SleeperPools() {
	}

	static PoolOptions.Builder options() {
		return PoolOptions.builder()
			.name("limits")
			.jvmArgs(List.of("-XX:TieredStopAtLevel=1"))
			.killGrace(Duration.ofMillis(400))
			.restartBackoff(Duration.ofMillis(10));
	}

	static ProcessPool<String, String> fork(int processes, PoolOptions.Builder options) throws Exception {
		ProcessPool<String, String> pool = Vimap.forkIdentical(WorkerSpec.of(Sleeper.class), processes,
				options.build());
		assertThat(pool.awaitReady(PATIENCE)).isTrue();
		return pool;
	}

	static String get(CompletableFuture<String> future) throws Exception {
		return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
	}

	static String threads(ProcessPool<String, String> pool) throws Exception {
		return pool.threadDump(0).get(10, TimeUnit.SECONDS);
	}

}
