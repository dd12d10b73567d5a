package io.vimap.supervision;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vimap.launch.ExitStatus;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.WorkerExit;
import io.vimap.pool.WorkerState;
import io.vimap.protocol.FrameType;
import io.vimap.protocol.Outbox;
import io.vimap.protocol.PayloadMemory;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.vimap.supervision.SupervisorHarness.options;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The supervisor, event by event: starts, sizes and the end.
 */
class WorkerSupervisorTests {

	@Test
	void startsAllSeatsButNeverMoreThanEightAtATime() {
		try (SupervisorHarness harness = new SupervisorHarness(options().build(), 40)) {
			harness.handle(new SupervisorEvent.Start());
			assertThat(harness.status.state()).isEqualTo(PoolState.STARTING);
			assertThat(harness.launcher.children).hasSizeBetween(1, 8);
			while (harness.status.ready() < 40) {
				WorkerProcess next = harness.first(WorkerState.LAUNCHING);
				assertThat(next).isNotNull();
				harness.connect(next);
				harness.handle(new SupervisorEvent.Ready(next));
				assertThat(harness.count(WorkerState.LAUNCHING)).isLessThanOrEqualTo(8);
			}
			assertThat(harness.launcher.children).hasSize(40);
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
		}
	}

	@Test
	void replacesADeadWorkerAtOnce() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 2)) {
			WorkerProcess dead = harness.seat(1);
			harness.crash(dead);
			assertThat(harness.seat(1)).isNotSameAs(dead);
			assertThat(harness.seat(1).incarnation()).isEqualTo(2);
			WorkerExit exit = harness.lastExit();
			assertThat(exit.reason()).isEqualTo(ExitReason.CRASHED);
			assertThat(exit.status()).isEqualTo("signal SIGSEGV (11)");
			assertThat(exit.lastOutput()).containsExactly("last words");
			assertThat(exit.explanation()).contains("worker 1 of pool 'supervised'", "pid " + dead.pid(), "7 tasks");
			assertThat(harness.listener.gone).containsExactly(exit);
		}
	}

	@Test
	void noAlarmOfADeadWorkerKeepsItInMemory() {
		PoolOptions options = options().restartIntensity(1000)
			.restartBackoff(Duration.ZERO)
			.maxLifetime(Duration.ofHours(1))
			.build();
		try (SupervisorHarness harness = SupervisorHarness.started(options, 1)) {
			for (int i = 0; i < 100; i++) {
				harness.crash(harness.seat(0));
				harness.allReady();
			}
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.pass(Duration.ofMinutes(70))).as("alarms in an hour and ten minutes").isLessThan(10);
		}
	}

	@Test
	void theLogSaysWhyAPoolHasFailedAndWhatToDo() {
		Logger logger = (Logger) LoggerFactory.getLogger("io.vimap");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try (SupervisorHarness harness = SupervisorHarness.started(options().restartIntensity(0).build(), 1)) {
			harness.crash(harness.seat(0));
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).filteredOn((event) -> event.getLevel() == Level.ERROR)
			.singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("'supervised'", "restart.intensity",
					"SIGSEGV", "resume"));
	}

	@Test
	void whatEndsAfterTheResumeAndBeganBeforeItIsForgiven() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().restartIntensity(0).build(), 2)) {
			WorkerProcess late = harness.seat(1);
			harness.handle(new SupervisorEvent.ProtocolBroken(late, "an unknown frame"));
			harness.crash(harness.seat(0));
			assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
			harness.handle(new SupervisorEvent.Resume(new CompletableFuture<>()));
			harness.exit(late, 137, "SIGKILL");
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.PROTOCOL_ERROR);
			harness.allReady();
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
			assertThat(harness.status.ready()).isEqualTo(2);
		}
	}

	@Test
	void aSeatDoesNotGoOnWaitingAfterTheResumeForWhatWasBeforeIt() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().restartIntensity(2).build(), 2)) {
			harness.crash(harness.seat(0));
			harness.allReady();
			harness.crash(harness.seat(0));
			assertThat(harness.status.ready()).as("a pause first").isEqualTo(1);
			harness.crash(harness.seat(1));
			assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
			harness.handle(new SupervisorEvent.Resume(new CompletableFuture<>()));
			harness.allReady();
			assertThat(harness.status.ready()).isEqualTo(2);
		}
	}

	@Test
	void restartsThatAreFarApartDoNotCount() {
		PoolOptions options = options().restartBackoff(Duration.ZERO).build();
		try (SupervisorHarness harness = SupervisorHarness.started(options, 1)) {
			for (int i = 0; i < 50; i++) {
				harness.pass(Duration.ofSeconds(7));
				harness.crash(harness.seat(0));
				harness.allReady();
			}
			assertThat(harness.status.state()).isEqualTo(PoolState.RUNNING);
		}
	}

	@Test
	void killsWhatDoesNotConnectInTime() {
		try (SupervisorHarness harness = new SupervisorHarness(options().build(), 1)) {
			harness.handle(new SupervisorEvent.Start());
			harness.pass(Duration.ofSeconds(59));
			assertThat(harness.launcher.children.get(0).killed).isFalse();
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.launcher.children.get(0).killed).isTrue();
			harness.obey();
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.START_TIMEOUT);
			assertThat(harness.lastExit().detail()).contains("start-timeout (60000 ms)");
		}
	}

	@Test
	void newsThatThisProcessCouldNotReadBecauseItWasStoppedIsInTime() {
		PoolOptions options = options().initTimeout(Duration.ofSeconds(3)).build();
		try (SupervisorHarness harness = new SupervisorHarness(options, 1)) {
			harness.handle(new SupervisorEvent.Start());
			WorkerProcess worker = harness.first(WorkerState.LAUNCHING);
			harness.connect(worker);
			harness.standStill(Duration.ofMinutes(1));
			harness.handle(new SupervisorEvent.Ready(worker));
			harness.pass(Duration.ofMinutes(1));
			assertThat(harness.seat(0)).isSameAs(worker);
			assertThat(worker.state()).isEqualTo(WorkerState.READY);
		}
	}

	@Test
	void aWorkerThatSaysNothingIsReplacedAfterThisProcessWasStopped() {
		PoolOptions options = options().initTimeout(Duration.ofSeconds(3)).build();
		try (SupervisorHarness harness = new SupervisorHarness(options, 1)) {
			harness.handle(new SupervisorEvent.Start());
			harness.connect(harness.first(WorkerState.LAUNCHING));
			harness.standStill(Duration.ofMinutes(1));
			harness.pass(Duration.ofSeconds(3));
			harness.obey();
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.START_TIMEOUT);
		}
	}

	@Test
	void killsWhatIsNotInitializedInTime() {
		try (SupervisorHarness harness = new SupervisorHarness(options().initTimeout(Duration.ofSeconds(3)).build(),
				1)) {
			harness.handle(new SupervisorEvent.Start());
			assertThat(harness.connect(harness.seat(0)).sent).containsExactly(FrameType.WELCOME);
			harness.pass(Duration.ofSeconds(3));
			harness.obey();
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.START_TIMEOUT);
			assertThat(harness.lastExit().detail()).contains("init-timeout (3000 ms)");
		}
	}

	@Test
	void aProcessThatCannotBeStartedIsAFailedStart() {
		SupervisorHarness harness = new SupervisorHarness(options().restartBackoff(Duration.ZERO).build(), 2);
		harness.launcher.refuses = true;
		harness.handle(new SupervisorEvent.Start());
		harness.pass(Duration.ofMillis(10));
		assertThat(harness.status.state()).isEqualTo(PoolState.FAILED);
		assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.START_FAILED);
		assertThat(harness.status.failure()).hasMessageContaining("no such java");
		harness.close();
		assertThat(harness.supervisor.terminated()).isDone();
	}

	@Test
	void aLaunchThatBreaksIsAFailedStartAndIsTriedAgain() {
		try (SupervisorHarness harness = new SupervisorHarness(options().restartBackoff(Duration.ZERO).build(), 1)) {
			harness.launcher.breaks = true;
			harness.handle(new SupervisorEvent.Start());
			harness.launcher.breaks = false;
			harness.pass(Duration.ofMillis(10));
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.START_FAILED);
			assertThat(harness.lastExit().explanation()).contains("io/vimap/Gone");
			assertThat(harness.launcher.children).hasSize(1);
		}
	}

	@Test
	void anExitIsKnownBeforeItsTasksAreLostAndToldThereafter() {
		List<String> order = new ArrayList<>();
		PoolListener listener = new PoolListener() {
			@Override
			public void onWorkerExit(WorkerExit exit) {
				order.add("told");
			}
		};
		try (SupervisorHarness harness = SupervisorHarness.started(options().listeners(List.of(listener)).build(), 1)) {
			harness.listener.onGone = () -> order.add("lost with " + harness.status.exits().size() + " known");
			harness.crash(harness.seat(0));
			assertThat(order).containsExactly("lost with 1 known", "told");
		}
	}

	@Test
	void theFirstSpecificCauseWins() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess worker = harness.seat(0);
			harness.handle(new SupervisorEvent.ProtocolBroken(worker, "an unknown frame"));
			harness.handle(new SupervisorEvent.TaskOverdue(worker, "late"));
			harness.obey();
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.PROTOCOL_ERROR);
			assertThat(harness.lastExit().detail()).isEqualTo("an unknown frame");
		}
	}

	@Test
	void aWorkerThatClosesItsSocketAndLivesOnIsKilled() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			harness.handle(new SupervisorEvent.ConnectionEnded(harness.seat(0)));
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.launcher.children.get(0).killed).isTrue();
			harness
				.handle(new SupervisorEvent.Exited(harness.seat(0), new ExitStatus(137, "SIGKILL", false, List.of())));
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.PROTOCOL_ERROR);
		}
	}

	@Test
	void theConnectionIsReadToItsEndBeforeAnExitCounts() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess worker = harness.seat(0);
			harness.handle(new SupervisorEvent.Exited(worker, new ExitStatus(1, null, false, List.of())));
			assertThat(worker.state()).isEqualTo(WorkerState.READY);
			harness.pass(Duration.ofSeconds(1));
			assertThat(harness.link(worker).closed).as("cut off when somebody else holds it open").isTrue();
			harness.handle(new SupervisorEvent.ConnectionEnded(worker));
			assertThat(worker.state()).isEqualTo(WorkerState.EXITED);
		}
	}

	@Test
	void resizesUpAndDown() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 2)) {
			harness.handle(new SupervisorEvent.Resize(3));
			harness.allReady();
			assertThat(harness.status.ready()).isEqualTo(3);
			harness.handle(new SupervisorEvent.Resize(1));
			assertThat(harness.status.size()).isEqualTo(1);
			assertThat(harness.listener.retired).hasSize(2);
			harness.listener.retired.forEach((retired) -> harness.handle(new SupervisorEvent.Drained(retired.worker)));
			harness.obey();
			assertThat(harness.processes()).hasSize(1);
			assertThat(harness.status.exits()).extracting(WorkerExit::reason).containsOnly(ExitReason.REQUESTED);
		}
	}

	@Test
	void aStartThatFailsWhileThePoolIsClosedIsNoFailureOfACleanup() {
		try (SupervisorHarness harness = new SupervisorHarness(options().build(), 1)) {
			harness.handle(new SupervisorEvent.Start());
			WorkerProcess worker = harness.seat(0);
			harness.connect(worker);
			harness.handle(new SupervisorEvent.Close(Duration.ofSeconds(20)));
			harness.handle(new SupervisorEvent.AllDrained());
			harness.handle(new SupervisorEvent.StartFailed(worker, ExceptionContext.of(new IllegalStateException())));
			harness.exit(worker, 137, "SIGKILL");
			assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.REQUESTED);
			assertThat(harness.lastExit().failure()).isNull();
			assertThat(harness.status.cleanupFailures()).isEmpty();
		}
	}

	@Test
	void closesWhenTheTasksAreDoneAndLeavesNothing() {
		SupervisorHarness harness = SupervisorHarness.started(options().build(), 2);
		harness.handle(new SupervisorEvent.Close(Duration.ofSeconds(20)));
		assertThat(harness.status.state()).isEqualTo(PoolState.STOPPING);
		assertThat(harness.listener.retired).as("tasks are being finished").isEmpty();
		harness.handle(new SupervisorEvent.AllDrained());
		harness.listener.retired.forEach((retired) -> harness.handle(new SupervisorEvent.Drained(retired.worker)));
		assertThat(harness.supervisor.terminated()).isNotDone();
		harness.obey();
		assertThat(harness.status.state()).isEqualTo(PoolState.TERMINATED);
		assertThat(harness.supervisor.terminated()).isDone();
		assertThat(harness.launcher.closed).isTrue();
		assertThat(harness.launcher.children).noneMatch((child) -> child.killed);
	}

	@Test
	void killsWhatStillWorksWhenTheDrainTimeoutHasPassed() {
		SupervisorHarness harness = SupervisorHarness.started(options().build(), 1);
		harness.listener.open.get(0).inFlight = 1;
		harness.handle(new SupervisorEvent.Close(Duration.ofSeconds(20)));
		harness.pass(Duration.ofSeconds(20));
		assertThat(harness.launcher.children.get(0).killed).isTrue();
		harness.obey();
		assertThat(harness.lastExit().reason()).isEqualTo(ExitReason.REQUESTED);
		assertThat(harness.lastExit().detail()).contains("drain-timeout");
		assertThat(harness.supervisor.terminated()).isDone();
	}

	@Test
	void killsAWorkerWhoseCleanupDoesNotEnd() {
		SupervisorHarness harness = SupervisorHarness.started(options().build(), 1);
		harness.handle(new SupervisorEvent.Close(Duration.ofSeconds(20)));
		harness.handle(new SupervisorEvent.AllDrained());
		harness.handle(new SupervisorEvent.Drained(harness.listener.retired.get(0).worker));
		harness.pass(Duration.ofMillis(9_999));
		assertThat(harness.launcher.children.get(0).killed).isFalse();
		harness.pass(Duration.ofMillis(1));
		assertThat(harness.launcher.children.get(0).killed).isTrue();
		harness.obey();
		assertThat(harness.supervisor.terminated()).isDone();
	}

	@Test
	void aDeadWorkerIsReplacedWhileAcceptedTasksAreBeingFinished() {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			harness.handle(new SupervisorEvent.Close(Duration.ofSeconds(20)));
			harness.crash(harness.seat(0));
			assertThat(harness.processes()).hasSize(1);
		}
	}

	@Test
	void whatAWorkerLeftIsReadThoughItsFileCannotBeOpenedAnyMore() throws Exception {
		try (SupervisorHarness harness = SupervisorHarness.started(options().build(), 1)) {
			WorkerProcess worker = harness.seat(0);
			Path outbox = worker.directory().resolve("outbox");
			try (FileChannel file = FileChannel.open(outbox, StandardOpenOption.WRITE)) {
				file.write(ByteBuffer.allocate(Long.BYTES).putLong(0, 7), Outbox.BEGUN);
			}
			Files.delete(outbox);
			harness.crash(worker);
			assertThat(harness.listener.outboxes).singleElement().extracting(Outbox::begun).isEqualTo(7L);
		}
	}

	@Test
	void outputsThatHaveNotBeenReadWhenThePoolIsClosedStayInTheirMemory() throws Exception {
		SupervisorHarness harness = SupervisorHarness.started(options().build(), 1);
		WorkerProcess worker = harness.seat(0);
		Path file = worker.memory().file();
		try (FileChannel memory = FileChannel.open(file)) {
			harness.close();
			assertThat(harness.supervisor.terminated()).isDone();
			assertThat(file).doesNotExist();
			assertThat(memory.size()).isEqualTo(PayloadMemory.SIZE);
			worker.giveBackMemory();
			assertThat(memory.size()).isZero();
		}
	}

}
