package io.vimap.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerExit}.
 */
class WorkerExitTests {

	@Test
	void explanationNamesTheProcess() {
		assertThat(exit(1, 4711, 2).explanation())
			.startsWith("worker 1 of pool 'pdf' (pid 4711, incarnation 2) ended: START_FAILED, exit code 1 after ");
		assertThat(exit(-1, 4711, 0).explanation()).startsWith("a spare of pool 'pdf' (pid 4711) ended: ");
	}

	@Test
	void explanationHasNoNumberForAProcessThatNeverWas() {
		assertThat(exit(1, -1, 2).explanation())
			.startsWith("worker 1 of pool 'pdf' (incarnation 2) ended: START_FAILED, no process after ");
		assertThat(exit(-1, -1, 0).explanation()).startsWith("a spare of pool 'pdf' ended: ");
	}

	private static WorkerExit exit(int index, long pid, int incarnation) {
		return new WorkerExit("pdf", ExitReason.START_FAILED, "", index, pid, incarnation, 1, null, Instant.EPOCH,
				Duration.ofSeconds(3), 0, null, List.of(), null, List.of(), false, null);
	}

}
