package io.vimap.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.vimap.pool.ExceptionContext;
import io.vimap.pool.TaskResult;
import org.jspecify.annotations.Nullable;

/**
 * What became of the requests.
 */
class JobReport {

	private final AnswerCheck check;

	private final Map<ServerProcess, Long> answersPerProcess = new TreeMap<>();

	private final BitSet finished = new BitSet();

	private final Failures failures = new Failures();

	private long answers;

	JobReport(AnswerCheck check) {
		this.check = check;
	}

	/**
	 * Takes in the result of one line.
	 * @param result the answer or the failure
	 */
	void add(TaskResult<Line, Response> result) {
		if (result instanceof TaskResult.Output<Line, Response> output) {
			addOutput(output.input(), output.output());
		}
		else if (result instanceof TaskResult.Failure<Line, Response> failure) {
			addFailure(failure);
		}
	}

	private void addOutput(Line line, Response response) {
		if (!finish(line)) {
			return;
		}
		if (!this.check.belongs(line, response)) {
			this.failures.add(line, "wrong answer", "the answer belongs to another request: " + response);
			return;
		}
		this.answers++;
		this.answersPerProcess.merge(new ServerProcess(response.server(), response.pid()), 1L, Long::sum);
	}

	private void addFailure(TaskResult.Failure<Line, Response> failure) {
		ExceptionContext exception = failure.exception();
		Line line = failure.input();
		if (line == null) {
			this.failures.add(exception.className(), exception.formattedTraceback());
		}
		else if (finish(line)) {
			this.failures.add(line, exception.className(), exception.formattedTraceback());
		}
	}

	private boolean finish(Line line) {
		int index = Math.toIntExact(line.number());
		if (this.finished.get(index)) {
			this.failures.add(line, "second result", "it had a result before");
			return false;
		}
		this.finished.set(index);
		return true;
	}

	/**
	 * Takes in that the job ended before all lines had a result.
	 * @param cause why
	 */
	void addEnd(RuntimeException cause) {
		this.failures.add(cause.getClass().getName(), cause.toString());
	}

	/**
	 * Returns whether every line was answered, once and with the answer to its request.
	 * @param lines the number of lines
	 * @return {@code false} if any line failed or is missing
	 */
	boolean isComplete(long lines) {
		return this.answers == lines && this.failures.count() == 0;
	}

	/**
	 * Prints failures and tables.
	 * @param out where to
	 * @param lines the number of lines
	 * @param elapsed how long the job took
	 * @param casualties what happened to workers meanwhile
	 */
	void print(PrintStream out, long lines, Duration elapsed, Casualties casualties) {
		this.failures.print(out);
		printProcesses(out);
		out.println();
		Table table = new Table("", "total").row("requests", lines)
			.row("answers", this.answers)
			.row("failures", this.failures.count());
		long unfinished = lines - this.finished.cardinality();
		if (unfinished > 0) {
			table.row("without a result", unfinished);
		}
		if (casualties.killed() != null) {
			table.row("workers killed by --chaos", casualties.killed());
		}
		double seconds = elapsed.toNanos() / 1e9;
		table.row("workers that died", casualties.died())
			.row("requests tried again", casualties.retries())
			.row("elapsed", String.format(Locale.ROOT, "%.2f s", seconds))
			.row("requests/s", (seconds > 0) ? Math.round(this.finished.cardinality() / seconds) : 0L)
			.print(out);
	}

	private void printProcesses(PrintStream out) {
		Map<String, Map<Long, Long>> perServer = new TreeMap<>();
		this.answersPerProcess
			.forEach((process, count) -> perServer.computeIfAbsent(process.server(), (server) -> new TreeMap<>())
				.put(process.pid(), count));
		Table table = new Table("server", "worker process", "answers");
		perServer.forEach((server, processes) -> {
			processes.forEach((pid, count) -> table.row(server, "pid " + pid, count));
			if (processes.size() > 1) {
				table.row(server, "all", processes.values().stream().mapToLong(Long::longValue).sum());
			}
		});
		table.print(out);
	}

	/** A worker process and the server it is bound to. */
	private record ServerProcess(String server, long pid) implements Comparable<ServerProcess> {

		@Override
		public int compareTo(ServerProcess other) {
			return Comparator.comparing(ServerProcess::server)
				.thenComparingLong(ServerProcess::pid)
				.compare(this, other);
		}

	}

	/**
	 * What happened to workers while the job ran.
	 *
	 * @param killed processes that the demo killed, {@code null} if it was not to kill
	 * any
	 * @param died processes that ended unplanned and were replaced
	 * @param retries requests that had been begun by a worker that died, and were sent
	 * again
	 */
	record Casualties(@Nullable Long killed, long died, long retries) {
	}

}
