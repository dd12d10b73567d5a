package io.vimap.demo;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import io.vimap.demo.JobReport.Casualties;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolStats;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.VimapException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.ExitCodeGenerator;
import org.springframework.stereotype.Component;

/**
 * The demo's job: sends every line of the file through the pool and reports what became
 * of it. The exit code is 0 if every line was answered.
 */
@Component
class RequestsJob implements ApplicationRunner, ExitCodeGenerator {

	private static final Set<ExitReason> PLANNED = EnumSet.of(ExitReason.REQUESTED, ExitReason.RECYCLED);

	private static final Duration START_TIMEOUT = Duration.ofMinutes(1);

	private final ProcessPool<Line, Response> pool;

	private final RequestLines lines;

	private final AnswerCheck check;

	private final @Nullable Duration chaosInterval;

	private boolean complete;

	RequestsJob(ProcessPool<Line, Response> pool, RequestLines lines, AnswerCheck check, DemoOptions options,
			@Value("${demo.chaos.interval}") Duration chaosInterval) {
		this.pool = pool;
		this.lines = lines;
		this.check = check;
		this.chaosInterval = options.chaos() ? chaosInterval : null;
	}

	@Override
	public void run(ApplicationArguments args) throws Exception {
		this.pool.awaitReady(START_TIMEOUT);
		System.out.println("Sending " + this.lines + " through " + this.pool.stats().ready() + " worker processes.");
		JobReport report = new JobReport(this.check);
		long start = System.nanoTime();
		Long killed = send(report);
		Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
		this.complete = report.isComplete(this.lines.read());
		report.print(System.out, this.lines.read(), elapsed, casualties(killed));
	}

	private @Nullable Long send(JobReport report) {
		Chaos chaos = (this.chaosInterval != null) ? Chaos.start(this.pool, this.chaosInterval) : null;
		try (chaos;
				ProgressDisplay progress = ProgressDisplay.of(this.lines);
				Stream<TaskResult<Line, Response>> results = this.pool.imap(this.lines.stream())
					.onProgress(Duration.ofMillis(100), progress)
					.zipInOutTyp()) {
			results.forEach(report::add);
		}
		catch (VimapException ex) {
			report.addEnd(ex);
		}
		return (chaos != null) ? chaos.kills() : null;
	}

	private Casualties casualties(@Nullable Long killed) {
		PoolStats stats = this.pool.stats();
		long died = stats.restarts()
			.entrySet()
			.stream()
			.filter((restarts) -> !PLANNED.contains(restarts.getKey()))
			.mapToLong((restarts) -> restarts.getValue())
			.sum();
		return new Casualties(killed, died, stats.retries());
	}

	@Override
	public int getExitCode() {
		return this.complete ? 0 : 1;
	}

}
