package io.vimap.demo;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.vimap.demo.JobReport.Casualties;
import io.vimap.pool.ExceptionContext;
import io.vimap.pool.TaskResult;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobReport}.
 */
class JobReportTests {

	private final JobReport report = new JobReport(new AnswerCheck(new DemoServers(List.of())));

	@Test
	void answersAreCountedPerServerAndProcess() {
		this.report.add(answered(1, "http://a", 7));
		this.report.add(answered(2, "http://a", 8));
		this.report.add(answered(3, "http://b", 9));
		assertThat(this.report.isComplete(3)).isTrue();
		assertThat(print(3)).startsWith("""
				+----------+----------------+---------+
				| server   | worker process | answers |
				+----------+----------------+---------+
				| http://a |          pid 7 |       1 |
				| http://a |          pid 8 |       1 |
				| http://a |            all |       2 |
				| http://b |          pid 9 |       1 |
				+----------+----------------+---------+

				+---""").containsSubsequence("| requests ", " 3 |", "| failures ", " 0 |");
	}

	@Test
	void lineWithoutResultIsMissed() {
		this.report.add(answered(1, "http://a", 7));
		assertThat(this.report.isComplete(2)).isFalse();
		assertThat(print(2)).containsPattern("without a result +\\| +1 \\|");
	}

	@Test
	void secondResultOfALineIsNoticed() {
		this.report.add(answered(1, "http://a", 7));
		this.report.add(answered(1, "http://a", 7));
		assertThat(this.report.isComplete(1)).isFalse();
		assertThat(print(1)).contains("1 x second result: line 1");
	}

	@Test
	void answerToAnotherRequestIsNoticed() {
		Response response = answer("http://a", 7, 2);
		this.report.add(new TaskResult.Output<>(line(1), response));
		assertThat(this.report.isComplete(1)).isFalse();
		assertThat(print(1)).contains("1 x wrong answer: line 1");
	}

	@Test
	void failuresAreShownInFullAtFirstAndThenCountedByKind() {
		for (int number = 1; number <= 5; number++) {
			this.report.add(new TaskResult.Failure<>(line(number),
					new ExceptionContext(new IllegalStateException("boom"), "traceback " + number)));
		}
		assertThat(this.report.isComplete(5)).isFalse();
		assertThat(print(5)).contains("Line 1 failed: traceback 1", "Line 3 failed: traceback 3")
			.doesNotContain("traceback 4")
			.contains("5 x java.lang.IllegalStateException: lines 1, 2, 3, 4, 5");
	}

	@Test
	void failureOfNoLineSpoilsTheJob() {
		this.report.add(answered(1, "http://a", 7));
		this.report
			.add(new TaskResult.Failure<>(null, new ExceptionContext(new IllegalStateException(), "cleanup"), false));
		assertThat(this.report.isComplete(1)).isFalse();
		assertThat(print(1)).contains("cleanup", "1 x java.lang.IllegalStateException");
	}

	@Test
	void tellsOfWhatWasKilledOnlyIfThatWasAskedFor() {
		assertThat(print(0)).contains("workers that died").doesNotContain("--chaos");
		assertThat(print(0, new Casualties(0L, 0, 0))).containsPattern("workers killed by --chaos +\\| +0 \\|");
	}

	private String print(long lines) {
		return print(lines, new Casualties(null, 0, 0));
	}

	private String print(long lines, Casualties casualties) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		this.report.print(new PrintStream(out, true, StandardCharsets.UTF_8), lines, Duration.ofSeconds(1), casualties);
		return out.toString(StandardCharsets.UTF_8);
	}

	private static TaskResult<Line, Response> answered(long number, String server, long pid) {
		return new TaskResult.Output<>(line(number), answer(server, pid, number));
	}

	private static Line line(long number) {
		return new Line(number, "{\"uri\": \"/" + number + "\", \"data\": " + number + "}");
	}

	private static Response answer(String server, long pid, long number) {
		byte[] body = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
		return new Response(server, pid, 200,
				new String(DemoAnswer.to("/" + number, body).write(), StandardCharsets.UTF_8));
	}

}
