package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.vimap.Vimap;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.serial.Subjects.Obedient;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test with a serial pool sees what a forked one would have shown.
 */
class SerialParityIT {

	private static final List<String> INPUTS = List.of("fine", "throw", "deep", "own", "error", "large", "unwritable",
			"null", "y".repeat(2000));

	@Test
	void bothModesSayTheSame() {
		assertThat(run(PoolMode.SERIAL)).isEqualTo(run(PoolMode.FORKED));
	}

	private static List<String> run(PoolMode mode) {
		List<String> seen = new ArrayList<>();
		try (ProcessPool<String, Value> pool = Vimap.forkIdentical(WorkerSpec.of(Obedient.class), 1,
				PoolOptions.builder().name("parity").mode(mode).maxPayload(1000).closeWhenDone(false).build())) {
			pool.imap(INPUTS).ordered().zipInOutTyp().forEach((result) -> seen.add(describe(result)));
			// All classes have been loaded: only the sleep is over its time.
			pool.imap(List.of("slow"))
				.taskTimeout(Duration.ofSeconds(1))
				.zipInOutTyp()
				.forEach((result) -> seen.add(describe(result)));
			Thread.currentThread().interrupt();
			CompletableFuture<Value> task = pool.submit("interrupted?");
			seen.add("interrupted still: " + Thread.interrupted());
			seen.add(task.join().text());
		}
		return seen;
	}

	private static String describe(TaskResult<String, Value> result) {
		if (result instanceof TaskResult.Failure<String, Value> failure) {
			Throwable value = failure.exception().value();
			return failure.input() + " -> " + failure.exception().className() + " | "
					+ String.valueOf(value.getMessage())
						.replaceAll("pid \\d+", "pid")
						.replaceAll("elapsed \\d+", "elapsed")
						.replaceAll("\\s+at java.base\\S*/.*", "")
						.replaceAll("(at \\S*Obedient.process.*)(?s:.*)", "$1")
					+ " | " + value.getCause() + " | " + value.getSuppressed().length;
		}
		return String.valueOf(result);
	}

}
