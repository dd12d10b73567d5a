package io.vimap.pool;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How and why one worker process ended: everything that was found out about it.
 *
 * @param pool the pool
 * @param reason why it ended
 * @param detail a sentence that says more than the reason (the violated rule, the limit
 * that was passed, the message of the failed start), or an empty string
 * @param index the seat it occupied, −1 for a spare
 * @param pid its process id, −1 if the operating system could not start it
 * @param incarnation its number among the processes that had this seat, counted from 1; 0
 * for a spare
 * @param exitCode its exit code as Java reports it (128 + signal number where a signal
 * ended it), −1 if there was no process
 * @param signal the name of the signal that ended it, such as {@code SIGKILL}, or
 * {@code null}
 * @param when when it ended
 * @param uptime time from launch to end
 * @param tasksDone results it had delivered
 * @param taskInFlight the id of the task it was running, or {@code null}
 * @param lastOutput the last lines it wrote to standard error, at most 50
 * @param errorFile the path of the JVM's fatal error log ({@code hs_err}), or
 * {@code null}
 * @param errorFileHead the first lines of that log
 * @param oomKilled whether the kernel's out-of-memory killer ended a process of this
 * control group meanwhile
 * @param failure the exception that made the start or the cleanup fail, or {@code null}
 */
public record WorkerExit(String pool, ExitReason reason, String detail, int index, long pid, int incarnation,
		int exitCode, @Nullable String signal, Instant when, Duration uptime, long tasksDone,
		@Nullable Long taskInFlight, List<String> lastOutput, @Nullable String errorFile, List<String> errorFileHead,
		boolean oomKilled, @Nullable ExceptionContext failure) implements Serializable {

	public WorkerExit {
		lastOutput = List.copyOf(lastOutput);
		errorFileHead = List.copyOf(errorFileHead);
	}

	/**
	 * Returns the status as one phrase, such as {@code exit code 3} or
	 * {@code signal SIGKILL (9)}.
	 * @return how the process ended
	 */
	public String status() {
		if (this.pid < 0) {
			return "no process";
		}
		return (this.signal != null) ? "signal " + this.signal + " (" + (this.exitCode - 128) + ")"
				: "exit code " + this.exitCode;
	}

	/**
	 * Returns all of it in words, over several lines: what ended, how, what it was doing,
	 * what it said last and where to look.
	 * @return an explanation for a person
	 */
	public String explanation() {
		StringBuilder text = new StringBuilder(200);
		text.append((this.index < 0) ? "a spare" : "worker " + this.index)
			.append(" of pool '")
			.append(this.pool)
			.append("'")
			.append(process())
			.append(" ended: ")
			.append(this.reason)
			.append(", ")
			.append(status())
			.append(" after ")
			.append(this.uptime.toMillis())
			.append(" ms and ")
			.append(this.tasksDone)
			.append(" tasks");
		if (this.taskInFlight != null) {
			text.append(", running task ").append(this.taskInFlight);
		}
		if (!this.detail.isEmpty()) {
			text.append("; ").append(this.detail);
		}
		if (this.oomKilled) {
			text.append("; the kernel's out-of-memory killer was at work (memory limit of the control group)");
		}
		if (this.errorFile != null) {
			text.append("\n  fatal error log: ").append(this.errorFile);
			this.errorFileHead.forEach((line) -> text.append("\n    ").append(line));
		}
		if (!this.lastOutput.isEmpty()) {
			text.append("\n  last lines of standard error:");
			this.lastOutput.forEach((line) -> text.append("\n    ").append(line));
		}
		if (this.failure != null && !this.detail.equals(this.failure.value().getMessage())) {
			text.append("\n  ").append(this.failure.formattedTraceback().stripTrailing().replace("\n", "\n  "));
		}
		return text.toString();
	}

	/** Tells the process from others, by as much as it has. */
	private String process() {
		List<String> numbers = new ArrayList<>();
		if (this.pid >= 0) {
			numbers.add("pid " + this.pid);
		}
		if (this.index >= 0) {
			numbers.add("incarnation " + this.incarnation);
		}
		return numbers.isEmpty() ? "" : " (" + String.join(", ", numbers) + ")";
	}

}
