package io.vimap.boot.health;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.vimap.boot.FakeProcessPool;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessPoolHealthIndicatorTests {

	private final FakeProcessPool<String, String> pool = new FakeProcessPool<>(
			List.of(WorkerSpec.function((String text) -> text), WorkerSpec.function((String text) -> text)),
			PoolOptions.defaults());

	@ParameterizedTest
	@CsvSource({ "RUNNING,2,false,UP", "RUNNING,1,false,UP", "RUNNING,0,false,DOWN", "RUNNING,2,true,OUT_OF_SERVICE",
			"STARTING,0,false,DOWN", "FAILED,0,false,DOWN", "FAILED,0,true,DOWN", "STOPPING,1,false,OUT_OF_SERVICE",
			"TERMINATED,0,false,DOWN", "NEW,0,false,UNKNOWN" })
	void status(PoolState state, int ready, boolean paused, String status) {
		this.pool.state = state;
		this.pool.ready = ready;
		this.pool.paused = paused;
		assertThat(new ProcessPoolHealthIndicator(this.pool).health().getStatus().getCode()).isEqualTo(status);
	}

	@Test
	void details() {
		this.pool.exits.add(new WorkerExit("pool", ExitReason.CRASHED, "", 1, 77, 3, 137, "SIGKILL",
				Instant.EPOCH.plusNanos(1), Duration.ofSeconds(9), 5, null, List.of(), null, List.of(), false, null));
		Health health = new ProcessPoolHealthIndicator(this.pool).health();
		assertThat(health.getDetails()).containsEntry("state", PoolState.RUNNING)
			.containsEntry("size", 2)
			.containsEntry("ready", 2)
			.containsEntry("queueDepth", 3L)
			.containsEntry("restarts", 0L)
			.extractingByKey("lastExit")
			.hasToString("{worker=1, pid=77, reason=CRASHED, status=signal SIGKILL (9), when=1970-01-01T00:00:00Z}");
	}

}
