package io.vimap.crash;

import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.vimap.Vimap;
import io.vimap.pool.Attempt;
import io.vimap.pool.ExitReason;
import io.vimap.pool.Imap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.protocol.PayloadBuffer;
import io.vimap.protocol.PayloadCodec;
import io.vimap.protocol.ValueCodec;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A task is begun as often as allowed, and only the one that ran when its worker died has
 * used an attempt. Each worker writes down what it begins before it does anything else.
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class ExactlyOnceIT {

	@TempDir
	Path directory;

	/** A job: an input that may end the process, at once or after a while. */
	record Job(int id, Fault fault, long micros) {

		static Job harmless(int id) {
			return new Job(id, null, 0);
		}

	}

	/**
	 * Plain text: many processes are started here, and JSON would double their starts.
	 */
	public static final class JobCodec implements PayloadCodec {

		@Override
		public ValueCodec forType(Type type) {
			return new ValueCodec() {

				@Override
				public void encode(@Nullable Object value, PayloadBuffer out) {
					String text = (value instanceof Job job) ? job.id() + " " + job.fault() + " " + job.micros()
							: String.valueOf(value);
					out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
				}

				@Override
				public Object decode(byte[] bytes, int offset, int length) {
					String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
					if (type != Job.class) {
						return text;
					}
					String[] parts = text.split(" ");
					Fault fault = parts[1].equals("null") ? null : Fault.valueOf(parts[1]);
					return new Job(Integer.parseInt(parts[0]), fault, Long.parseLong(parts[2]));
				}

			};
		}

	}

	/**
	 * Writes each begin into the file that a system property names; another says how
	 * large an output is.
	 */
	static class Diarist implements Worker<Job, String> {

		private final Path journal = Path.of(System.getProperty("journal"));

		private final String padding = " ".repeat(Integer.getInteger("padding"));

		@Override
		public String process(Job job) throws IOException {
			Files.write(this.journal, (job.id() + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND,
					StandardOpenOption.CREATE);
			long end = System.nanoTime() + job.micros() * 1000;
			while (System.nanoTime() < end) {
				Thread.onSpinWait();
			}
			if (job.fault() != null) {
				job.fault().happen();
			}
			return String.valueOf(job.id()) + this.padding;
		}

	}

	private PoolOptions.Builder options(int attempts) {
		return PoolOptions.builder()
			.name("once")
			.retryMaxAttempts(attempts)
			.restartIntensity(1000)
			.restartBackoff(Duration.ofMillis(10))
			.restartMaxBackoff(Duration.ofMillis(10));
	}

	private Path journal() {
		return this.directory.resolve("journal");
	}

	/** How often each job was begun. */
	private Map<Integer, Long> begun() throws IOException {
		return Files.readAllLines(journal())
			.stream()
			.collect(Collectors.groupingBy(Integer::valueOf, Collectors.counting()));
	}

	private List<TaskResult<Job, String>> run(PoolOptions.Builder options, int processes, int bytes, List<Job> jobs,
			UnaryOperator<Imap<Job, String>> how) {
		PoolOptions complete = options.codec(JobCodec.class.getName())
			.jvmArgs(List.of("-XX:TieredStopAtLevel=1", "-Djournal=" + journal(), "-Dpadding=" + bytes))
			.build();
		try (ProcessPool<Job, String> pool = Vimap.forkIdentical(WorkerSpec.of(Diarist.class), processes, complete)) {
			return how.apply(pool.imap(jobs)).zipInOutTyp().toList();
		}
	}

	/** Jobs in rows: harmless ones, and one culprit at the end of each row. */
	private static List<Job> jobs(int count, int row, Fault fault, long micros) {
		List<Job> jobs = new ArrayList<>();
		IntStream.range(0, count)
			.forEach((i) -> jobs.add((i % row == row - 1) ? new Job(i, fault, micros) : Job.harmless(i)));
		return jobs;
	}

	private void assertExact(List<TaskResult<Job, String>> results, List<Job> jobs, int attempts) throws IOException {
		Map<Integer, Long> begun = begun();
		assertThat(results).hasSameSizeAs(jobs);
		List<Job> answered = new ArrayList<>();
		for (TaskResult<Job, String> result : results) {
			if (result instanceof TaskResult.Output<Job, String> output) {
				answered.add(output.input());
				assertThat(output.input().fault()).isNull();
				assertThat(output.output().strip()).isEqualTo(String.valueOf(output.input().id()));
				assertThat(begun).containsEntry(output.input().id(), 1L);
			}
			else {
				TaskResult.Failure<Job, String> failure = (TaskResult.Failure<Job, String>) result;
				answered.add(failure.input());
				assertThat(failure.input().fault()).as("the fault of %s", failure).isNotNull();
				assertThat(begun).containsEntry(failure.input().id(), (long) attempts);
				WorkerCrashedException crash = (WorkerCrashedException) failure.exception().value();
				assertThat(crash.attempts()).hasSize(attempts)
					.allSatisfy((attempt) -> assertThat(attempt.reason()).isEqualTo(ExitReason.CRASHED));
				assertThat(crash.attempts().stream().map(Attempt::pid).distinct()).hasSize(attempts);
				assertThat(crash).hasMessageContaining("retry.max-attempts");
			}
		}
		assertThat(answered).containsExactlyInAnyOrderElementsOf(jobs);
	}

	@ParameterizedTest
	@EnumSource(names = { "EXIT", "HALT", "KILL" })
	void whatWasFinishedBeforeTheCrashIsSaved(Fault fault) throws IOException {
		List<Job> jobs = jobs(300, 150, fault, 0);
		assertExact(run(options(1).prefetch(200), 1, 0, jobs, (imap) -> imap.maxInFlight(300)), jobs, 1);
	}

	@RepeatedTest(3)
	void itIsSavedAtAnyMomentOfABatch() throws IOException {
		// The culprit comes at different times after the last results were sent.
		List<Job> jobs = new ArrayList<>();
		for (int i = 0; i < 120; i++) {
			jobs.add((i % 20 == 19) ? new Job(i, Fault.HALT, 10L * i) : new Job(i, null, (i * 7) % 60));
		}
		assertExact(run(options(1).prefetch(64), 2, 0, jobs, (imap) -> imap), jobs, 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1_000, 30_000, 200_000 })
	void largeResultsAreSavedToo(int bytes) throws IOException {
		List<Job> jobs = jobs(60, 20, Fault.HALT, 0);
		assertExact(run(options(1).prefetch(30), 1, bytes, jobs, (imap) -> imap), jobs, 1);
	}

	@Test
	void aCulpritIsTriedAsOftenAsAllowed() throws IOException {
		List<Job> jobs = jobs(200, 100, Fault.HALT, 0);
		assertExact(run(options(3).prefetch(50), 2, 0, jobs, (imap) -> imap), jobs, 3);
	}

	@Test
	void retryOnNothingTriesOnce() throws IOException {
		List<Job> jobs = jobs(100, 50, Fault.HALT, 0);
		assertExact(run(options(3).retryOn(Set.of()), 2, 0, jobs, (imap) -> imap), jobs, 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 16, 64 })
	void aChunkIsBlamedByElement(int chunk) throws IOException {
		List<Job> jobs = jobs(256, 64, Fault.EXIT, 0);
		List<TaskResult<Job, String>> results = run(options(2), 2, 0, jobs, (imap) -> imap.chunked(chunk).ordered());
		assertExact(results, jobs, 2);
		assertThat(results.stream()
			.map((result) -> (result instanceof TaskResult.Output<Job, String> output) ? output.input().id()
					: ((TaskResult.Failure<Job, String>) result).input().id()))
			.isSorted();
	}

	@Test
	void neighboursInTheWindowPayNothing() throws IOException {
		// Slow culprits: what is behind them has been sent and has not begun.
		List<Job> jobs = jobs(80, 8, Fault.HALT, 3_000);
		assertExact(run(options(1).prefetch(7), 2, 0, jobs, (imap) -> imap), jobs, 1);
	}

}
