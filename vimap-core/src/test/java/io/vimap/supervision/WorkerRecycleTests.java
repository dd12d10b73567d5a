package io.vimap.supervision;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import org.junit.jupiter.api.Test;

import static io.vimap.supervision.SupervisorHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Planned ends, event by event: limits of tasks, time and memory, and their successors.
 */
class WorkerRecycleTests {

	@Test
	void recyclesOneAfterTheOtherAndEachOnlyOnceItsSuccessorIsReady() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 2)) {
			WorkerProcess first = harness.seat(0);
			WorkerProcess second = harness.seat(1);
			harness.handle(new SupervisorEvent.Recycle(SupervisorEvent.ALL));
			assertThat(harness.processes()).as("one successor at a time").hasSize(3);
			assertThat(harness.listener.retired).isEmpty();
			assertThat(harness.status.ready()).isEqualTo(2);
			harness.allReady();
			assertThat(harness.listener.retired).hasSize(2);
			assertThat(harness.seat(0)).isNotSameAs(first);
			assertThat(harness.seat(1)).isNotSameAs(second);
			assertThat(harness.status.ready()).isEqualTo(2);
			harness.handle(new SupervisorEvent.Drained(first));
			harness.handle(new SupervisorEvent.Drained(second));
			harness.obey();
			assertThat(harness.status.exits()).extracting(WorkerExit::reason)
				.containsExactly(ExitReason.RECYCLED, ExitReason.RECYCLED);
			assertThat(harness.processes()).hasSize(2);
		}
	}

	@Test
	void plannedEndsAreNoFailures() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().restartIntensity(0).build(), 1)) {
			for (int i = 0; i < 20; i++) {
				WorkerProcess old = harness.seat(0);
				harness.handle(new SupervisorEvent.LimitReached(old, "max-tasks-per-worker"));
				harness.allReady();
				harness.handle(new SupervisorEvent.Drained(old));
				harness.obey();
			}
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
			assertThat(harness.status.restarts()).containsOnly(Map.entry(ExitReason.RECYCLED, 20L));
		}
	}

	@Test
	void aWorkerWhoseSuccessorsCannotStartWorksOnUntilOneCan() {
		PoolOptions options = options().restartIntensity(2).build();
		try (SupervisorHarness harness = SupervisorHarness.started(options, 1)) {
			WorkerProcess old = harness.seat(0);
			harness.handle(new SupervisorEvent.Recycle(0));
			for (int i = 0; i < 10; i++) {
				WorkerProcess successor = harness.first(WorkerState.LAUNCHING);
				assertThat(successor).isNotNull();
				harness.exit(successor, 1, null);
				assertThat(harness.processes()).as("a pause first").containsExactly(old);
				harness.pass(options.restartMaxBackoff());
			}
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.START_FAILED);
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
			assertThat(harness.status.ready()).isEqualTo(1);
			assertThat(harness.listener.workingOn).extracting((conversation) -> conversation.worker).containsOnly(old);
			assertThat(harness.listener.retired).isEmpty();
			harness.allReady();
			assertThat(harness.listener.retired).hasSize(1);
			assertThat(harness.seat(0)).isNotSameAs(old);
		}
	}

	@Test
	void aWorkerThatHasReachedItsLimitIsReplacedWhileAcceptedTasksAreBeingFinished() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess old = harness.seat(0);
			harness.handle(new SupervisorEvent.Close(Duration.ofSeconds(30)));
			harness.handle(new SupervisorEvent.LimitReached(old, "max-tasks-per-worker (3)"));
			harness.allReady();
			assertThat(harness.seat(0)).isNotSameAs(old);
			assertThat(harness.status.ready()).isEqualTo(1);
		}
	}

	@Test
	void thePauseAfterAFailedSuccessorIsNotForTheNextWorkerOfTheSeat() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess old = harness.seat(0);
			harness.handle(new SupervisorEvent.Recycle(0));
			harness.exit(Objects.requireNonNull(harness.first(WorkerState.LAUNCHING)), 1, null);
			harness.crash(old);
			harness.allReady();
			harness.handle(new SupervisorEvent.Recycle(0));
			assertThat(harness.count(WorkerState.LAUNCHING)).isEqualTo(1);
		}
	}

	@Test
	void aPauseIsNotEndedByThatOfAnEarlierSuccessor() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess old = harness.seat(0);
			harness.handle(new SupervisorEvent.Recycle(0));
			harness.exit(Objects.requireNonNull(harness.first(WorkerState.LAUNCHING)), 1, null);
			harness.pass(Duration.ofMillis(900));
			harness.crash(old);
			harness.allReady();
			harness.handle(new SupervisorEvent.Recycle(0));
			harness.exit(Objects.requireNonNull(harness.first(WorkerState.LAUNCHING)), 1, null);
			harness.pass(Duration.ofMillis(900));
			assertThat(harness.processes()).as("a second has not passed").hasSize(1);
			harness.pass(Duration.ofMillis(100));
			assertThat(harness.processes()).hasSize(2);
		}
	}

	@Test
	void aWorkerThatDiesWhileItsSuccessorWaitsIsReplacedAtOnce() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess old = harness.seat(0);
			harness.handle(new SupervisorEvent.Recycle(0));
			harness.exit(Objects.requireNonNull(harness.first(WorkerState.LAUNCHING)), 1, null);
			assertThat(harness.processes()).containsExactly(old);
			harness.crash(old);
			assertThat(harness.count(WorkerState.LAUNCHING)).isEqualTo(1);
			harness.allReady();
			assertThat(harness.status.ready()).isEqualTo(1);
		}
	}

	@Test
	void aLifetimeThatIsOverIsARecycle() {
		PoolOptions options = options().maxLifetime(Duration.ofMinutes(10)).jitter(0.1).build();
		try (SupervisorHarness harness = SupervisorHarness.started(options, 1)) {
			harness.pass(Duration.ofMinutes(8));
			assertThat(harness.processes()).hasSize(1);
			harness.pass(Duration.ofMinutes(4));
			assertThat(harness.processes()).hasSize(2);
		}
	}

	@Test
	void lifetimesThatEndTogetherEndOneAfterTheOther() {
		PoolOptions options = options().maxLifetime(Duration.ofMinutes(10)).jitter(0).build();
		try (SupervisorHarness harness = SupervisorHarness.started(options, 4)) {
			List<WorkerProcess> old = harness.processes();
			harness.pass(Duration.ofMinutes(10));
			for (int i = 0; i < 4; i++) {
				assertThat(harness.count(WorkerState.LAUNCHING)).as("successors at a time").isEqualTo(1);
				assertThat(harness.status.ready()).isEqualTo(4);
				WorkerProcess successor = harness.first(WorkerState.LAUNCHING);
				harness.connect(successor);
				harness.handle(new SupervisorEvent.Ready(successor));
				assertThat(harness.status.ready()).isEqualTo(4);
				assertThat(harness.listener.retired).hasSize(i + 1);
			}
			assertThat(harness.status.workers()).filteredOn((worker) -> worker.state() == WorkerState.READY)
				.hasSize(4)
				.doesNotContainAnyElementsOf(old);
			assertThat(harness.status.workers()).as("those that are to end are shown, too").containsAll(old);
			assertThat(harness.count(WorkerState.LAUNCHING)).isZero();
		}
	}

	@Test
	void aWorkerThatHasGrownIsRecycled() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().maxRss(50_000_000L).build(), 1)) {
			harness.work(harness.listener.open.get(0));
			harness.pass(Duration.ofSeconds(10));
			assertThat(harness.processes()).hasSize(1);
			harness.launcher.children.get(0).residentBytes = 60_000_000;
			harness.work(harness.listener.open.get(0));
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.processes()).as("with its successor").hasSize(2);
			WorkerProcess old = harness.seat(0);
			harness.allReady();
			harness.handle(new SupervisorEvent.Drained(old));
			harness.obey();
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.RECYCLED);
			assertThat(harness.lastExit().detail()).contains("max-rss: 60000000 bytes, limit 50000000 (40000000");
		}
	}

	@Test
	void aTaskThatIsAnsweredSoonAfterALookIsFollowedByAnother() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().maxRss(50_000_000L).build(), 1)) {
			for (int i = 0; i < 5; i++) {
				harness.work(harness.listener.open.get(0));
				harness.work(harness.listener.open.get(0));
				harness.pass(Duration.ofMillis(700));
			}
			harness.launcher.children.get(0).residentBytes = 60_000_000;
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.processes()).as("with its successor").hasSize(2);
		}
	}

	@Test
	void nobodyLooksAtTheMemoryOfWorkersThatDoNothing() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().maxRss(50_000_000L).build(), 2)) {
			harness.pass(Duration.ofMinutes(2));
			assertThat(harness.pass(Duration.ofMinutes(2))).isZero();
		}
	}

	@Test
	void aMemoryLimitBelowTheBaselineIsRefusedWithBothFigures() {
		try (SupervisorHarness harness = new SupervisorHarness(options().maxRss(30_000_000L).build(), 1)) {
			harness.handle(new SupervisorEvent.Start());
			harness.allReady();
			assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
			assertThat(harness.status.failure()).hasMessageContaining("30000000").hasMessageContaining("40000000");
			harness.obey();
		}
	}

}
