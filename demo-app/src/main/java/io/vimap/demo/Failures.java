package io.vimap.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The failures of a job: the first few in full, all by kind, with the numbers of their
 * lines. Keeps a bounded amount however many there are.
 */
class Failures {

	private static final int SHOWN_IN_FULL = 3;

	private static final int LINES_NAMED = 100;

	private final List<String> first = new ArrayList<>();

	private final Map<String, Kind> kinds = new TreeMap<>();

	private long count;

	/**
	 * Adds the failure of one line.
	 * @param line the line
	 * @param kind the kind of failure, such as the name of an exception class
	 * @param description the whole story
	 */
	void add(Line line, String kind, String description) {
		count(kind, "Line " + line.number() + " failed: " + description).addLine(line.number());
	}

	/**
	 * Adds a failure that belongs to no line.
	 * @param kind the kind of failure, such as the name of an exception class
	 * @param description the whole story
	 */
	void add(String kind, String description) {
		count(kind, description);
	}

	private Kind count(String name, String description) {
		this.count++;
		if (this.first.size() < SHOWN_IN_FULL) {
			this.first.add(description);
		}
		Kind kind = this.kinds.computeIfAbsent(name, (absent) -> new Kind());
		kind.count++;
		return kind;
	}

	long count() {
		return this.count;
	}

	void print(PrintStream out) {
		this.first.forEach((failure) -> out.println(failure.stripTrailing() + System.lineSeparator()));
		this.kinds.forEach((name, kind) -> out.println(kind.count + " x " + name + kind.where()));
		if (!this.kinds.isEmpty()) {
			out.println();
		}
	}

	/** The failures of one kind. */
	private static final class Kind {

		private final List<Long> lines = new ArrayList<>();

		private long count;

		private long linesOmitted;

		void addLine(long number) {
			if (this.lines.size() < LINES_NAMED) {
				this.lines.add(number);
			}
			else {
				this.linesOmitted++;
			}
		}

		String where() {
			if (this.lines.isEmpty()) {
				return "";
			}
			String numbers = this.lines.stream().sorted().map(String::valueOf).collect(Collectors.joining(", "));
			return ((this.lines.size() > 1) ? ": lines " : ": line ") + numbers
					+ ((this.linesOmitted > 0) ? " and " + this.linesOmitted + " more" : "");
		}

	}

}
