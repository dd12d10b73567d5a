package io.vimap.supervision;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import org.junit.jupiter.api.Test;

import static io.vimap.supervision.SupervisorHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The supervisor, event by event: how often it starts what has died, and when it gives
 * up.
 */
class WorkerRestartTests {

	@Test
	void pausesLongerBeforeEachFurtherRestartOfASeat() {
		PoolOptions patient = options().restartIntensity(100).build();
		try (SupervisorHarness harness = SupervisorHarness.started(patient, 1)) {
			harness.crash(harness.seat(0));
			for (int pause : List.of(100, 200, 400)) {
				harness.allReady();
				harness.crash(harness.seat(0));
				harness.pass(Duration.ofMillis(pause - 1));
				assertThat(harness.processes()).as("before %s ms", pause).isEmpty();
				harness.pass(Duration.ofMillis(1));
				assertThat(harness.processes()).as("after %s ms", pause).hasSize(1);
			}
			harness.allReady();
			harness.pass(patient.restartPeriod());
			harness.crash(harness.seat(0));
			assertThat(harness.processes()).as("after a healthy time").hasSize(1);
		}
	}

	@Test
	void failsWhenWorkersDieTooOftenAndResumesWhenTold() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().restartBackoff(Duration.ZERO).build(),
				2)) {
			for (int i = 0; i < 5; i++) {
				harness.crash(harness.seat(0));
				harness.allReady();
			}
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
			harness.crash(harness.seat(0));
			assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
			harness.obey();
			assertThat(harness.processes()).isEmpty();
			assertThat(harness.status.failure()).hasMessageContaining("restart.intensity")
				.hasMessageContaining("SIGSEGV")
				.hasMessageContaining("resume()")
				.as("nothing of those that were ended because of it")
				.message()
				.doesNotContain("the pool has failed");
			assertThat(harness.status.exits()).extracting(WorkerExit::reason)
				.as("why it failed, and nothing that followed")
				.hasSize(6)
				.containsOnly(ExitReason.CRASHED);
			harness.handle(new SupervisorEvent.Resume(new CompletableFuture<>()));
			harness.allReady();
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
			assertThat(harness.status.ready()).isEqualTo(2);
		}
	}

	@Test
	void failsWhenNoStartSucceedsHoweverLongEachOfThemLasts() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			harness.crash(harness.seat(0));
			for (int start = 1; start <= 5; start++) {
				assertThat(harness.status.state()).as("start %s", start).isEqualTo(PoolState.RUNNING);
				passStart(harness);
			}
			assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
			assertThat(harness.status.failure()).hasMessageContaining("restart.intensity")
				.hasMessageContaining("while no worker was ready")
				.hasMessageContaining("START_TIMEOUT");
		}
	}

	@Test
	void doesNotFailOverASeatThatCanNotBeFilledWhileAnotherWorks() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 2)) {
			harness.crash(harness.seat(1));
			for (int start = 1; start <= 10; start++) {
				passStart(harness);
			}
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
			assertThat(harness.status.ready()).isOne();
		}
	}

	@Test
	void aStartThatLastsUntilItsTimeIsOverIsNotTheEndOfAHealthyWorker() {
		try (SupervisorHarness harness = new SupervisorHarness(options().build(), 1)) {
			harness.handle(new SupervisorEvent.Start());
			passStart(harness);
			passStart(harness);
			assertThat(harness.processes()).as("during the pause before the second restart in a row").isEmpty();
			harness.pass(Duration.ofMillis(100));
			assertThat(harness.processes()).hasSize(1);
		}
	}

	/** A process is started, if it is not yet, and does nothing until it is killed. */
	private static void passStart(SupervisorHarness harness) {
		while (harness.first(WorkerState.LAUNCHING) == null) {
			harness.pass(Duration.ofMillis(100));
		}
		harness.pass(options().build().startTimeout());
		harness.obey();
	}

}
