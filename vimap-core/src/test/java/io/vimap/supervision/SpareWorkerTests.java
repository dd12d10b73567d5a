package io.vimap.supervision;

import java.time.Duration;
import java.util.List;

import io.vimap.launch.ChildProcess;
import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.FrameType;
import org.junit.jupiter.api.Test;

import static io.vimap.supervision.SupervisorHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spares, event by event.
 */
class SpareWorkerTests {

	/** A spare is launched so long after the last worker has become READY. */
	private static final Duration QUIET_TIME = Duration.ofNanos(ChildProcess.QUIET_NANOS);

	@Test
	void aSpareTakesTheSeatOfADeadWorkerWithoutALaunch() {
		try (SupervisorHarness harness = withSpare()) {
			assertThat(harness.status.spares()).isEqualTo(1);
			WorkerProcess spare = harness.first(WorkerState.HANDSHAKING);
			assertThat(harness.link(spare).sent).isEmpty();
			harness.crash(harness.seat(0));
			assertThat(harness.seat(0)).isSameAs(spare);
			assertThat(spare.incarnation()).as("the second one with this seat").isEqualTo(2);
			assertThat(harness.link(spare).sent).containsExactly(FrameType.WELCOME);
			assertThat(harness.launcher.children).as("nothing is launched beside its start").hasSize(2);
			harness.handle(new SupervisorEvent.Ready(spare));
			harness.pass(QUIET_TIME.minusMillis(1));
			assertThat(harness.launcher.children).as("nor beside its first tasks").hasSize(2);
			harness.pass(Duration.ofMillis(1));
			assertThat(harness.launcher.children).as("and then a new spare").hasSize(3);
		}
	}

	@Test
	void aSpareGetsReadyWhileTheProcessOfALostWorkerEnds() {
		for (boolean readyFirst : new boolean[] { true, false }) {
			try (SupervisorHarness harness = withSpare()) {
				WorkerProcess spare = harness.first(WorkerState.HANDSHAKING);
				WorkerProcess lost = harness.seat(0);
				harness.handle(new SupervisorEvent.ConnectionEnded(lost));
				assertThat(harness.link(spare).sent).containsExactly(FrameType.WELCOME);
				assertThat(harness.status.exits()).isEmpty();
				if (readyFirst) {
					harness.handle(new SupervisorEvent.Ready(spare));
					assertThat(harness.seat(0)).isSameAs(spare);
				}
				harness.handle(new SupervisorEvent.Exited(lost, new ExitStatus(139, "SIGSEGV", false, List.of())));
				assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.CRASHED);
				assertThat(harness.seat(0)).isSameAs(spare);
				assertThat(harness.listener.retired).isEmpty();
				if (!readyFirst) {
					harness.handle(new SupervisorEvent.Ready(spare));
				}
				harness.pass(QUIET_TIME);
				harness.allReady();
				assertThat(harness.status.ready()).isEqualTo(1);
				// It was an unplanned end: the next one is followed by a pause.
				WorkerProcess next = harness.first(WorkerState.HANDSHAKING);
				harness.crash(spare);
				assertThat(next.isSpare()).isTrue();
				assertThat(harness.status.ready()).isZero();
				harness.pass(Duration.ofMillis(100));
				assertThat(harness.seat(0)).isSameAs(next);
			}
		}
	}

	@Test
	void aSpareThatIsLostGetsNoSeat() {
		try (SupervisorHarness harness = withSpare()) {
			WorkerProcess spare = harness.first(WorkerState.HANDSHAKING);
			harness.handle(new SupervisorEvent.ConnectionEnded(spare));
			harness.crash(harness.seat(0));
			assertThat(harness.seat(0)).isNotSameAs(spare);
			assertThat(harness.link(spare).sent).isEmpty();
		}
	}

	@Test
	void sparesThatKeepDyingMakeThePoolFail() {
		try (SupervisorHarness harness = withSpare()) {
			for (int i = 0; i < 6; i++) {
				assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
				harness.crash(harness.first(WorkerState.HANDSHAKING));
				harness.allReady();
			}
			assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
		}
	}

	@Test
	void nobodyIsWokenForSparesWhereThereAreNone() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			harness.pass(Duration.ofMillis(1)); // what a start leaves for later
			assertThat(harness.pass(QUIET_TIME)).isZero();
		}
	}

	private static SupervisorHarness withSpare() {
		SupervisorHarness harness = SupervisorHarness.started(options().spares(1).build(), 1);
		harness.pass(QUIET_TIME);
		harness.allReady();
		return harness;
	}

}
