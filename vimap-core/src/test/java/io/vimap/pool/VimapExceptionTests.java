package io.vimap.pool;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exceptions travel: to a remote caller, into a job repository, to a cluster's next node.
 */
class VimapExceptionTests {

	private static final TaskLocation LOCATION = new TaskLocation("pdf", 1, 4711, 12);

	private static final Attempt ATTEMPT = new Attempt(1, 4711, ExitReason.CRASHED, "signal SIGKILL (9)",
			Instant.EPOCH);

	private static final WorkerExit EXIT = new WorkerExit("pdf", ExitReason.CRASHED, "", 1, 4711, 2, 137, "SIGKILL",
			Instant.EPOCH, Duration.ofSeconds(3), 11, 12L, List.of("last words"), "/tmp/hs_err.log", List.of("#"),
			false, null);

	@Test
	void whatACrashTellsIsToldElsewhere() throws Exception {
		WorkerCrashedException crash = sent(new WorkerCrashedException(LOCATION, EXIT, List.of(ATTEMPT)));
		assertThat(crash.exit()).isEqualTo(EXIT);
		assertThat(crash.attempts()).containsExactly(ATTEMPT);
		assertThat(crash.location()).isEqualTo(LOCATION);
		assertThat(crash.pool()).isEqualTo("pdf");
	}

	@Test
	void whatATimeoutTellsIsToldElsewhere() throws Exception {
		TaskTimeoutException timeout = sent(new TaskTimeoutException(LOCATION, "task-timeout", Duration.ofSeconds(1),
				Duration.ofSeconds(2), "at Parser.parse", List.of(ATTEMPT)));
		assertThat(timeout.attempts()).containsExactly(ATTEMPT);
		assertThat(timeout.location()).isEqualTo(LOCATION);
		assertThat(timeout.elapsed()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void whatAWorkerThrewIsToldElsewhere() throws Exception {
		ExceptionContext context = new ExceptionContext(new IllegalStateException("torn page"), "traceback");
		WorkerException thrown = sent(new WorkerException(LOCATION, context));
		assertThat(thrown.context().value()).isInstanceOf(IllegalStateException.class).hasMessage("torn page");
		assertThat(thrown.context().formattedTraceback()).isEqualTo("traceback");
		assertThat(thrown.location()).isEqualTo(LOCATION);
	}

	@Test
	void whyAPoolOrAStartFailedIsToldElsewhere() throws Exception {
		assertThat(sent(new PoolFailedException("pdf", "too many", List.of(EXIT))).exits()).containsExactly(EXIT);
		assertThat(sent(new WorkerStartException(EXIT)).exit()).isEqualTo(EXIT);
	}

	@SuppressWarnings("unchecked")
	private static <T extends VimapException> T sent(T exception) throws Exception {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
			out.writeObject(exception);
		}
		try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
			T copy = (T) in.readObject();
			assertThat(copy).hasMessage(exception.getMessage());
			return copy;
		}
	}

}
