package io.vimap.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * One line of the table: a figure, what it is compared with, and whether it reaches its
 * target.
 */
public final class Result {

	private final String name;

	private final String unit;

	private final @Nullable Samples value;

	private @Nullable Samples limit;

	private String limitName = "";

	private @Nullable Samples peer;

	private String peerName = "-";

	private final List<String> targets = new ArrayList<>();

	private final List<String> missed = new ArrayList<>();

	private final List<String> notes = new ArrayList<>();

	private String problem = "";

	private Result(String name, String unit, @Nullable Samples value) {
		this.name = name;
		this.unit = unit;
		this.value = value;
	}

	/**
	 * Creates a result.
	 * @param name the name of the row
	 * @param unit what the figure counts, without spaces
	 * @param value the figure
	 * @return a new result
	 */
	public static Result of(String name, String unit, Samples value) {
		return new Result(name, unit, value);
	}

	/**
	 * Creates the result of a row that has no figure.
	 * @param name the name of the row
	 * @param why why there is none
	 * @return a new result
	 */
	public static Result none(String name, String why) {
		Result result = new Result(name, "-", null);
		result.problem = why;
		return result;
	}

	/**
	 * Says what the physics allow.
	 * @param what the reference
	 * @param samples its figure, in the same unit
	 * @return this
	 */
	public Result limit(String what, Samples samples) {
		this.limitName = what;
		this.limit = samples;
		return this;
	}

	/**
	 * Says what a user would get elsewhere.
	 * @param who the peer, without spaces
	 * @param samples its figure, in the same unit; {@code null} if it isn't there
	 * @return this
	 */
	public Result peer(String who, @Nullable Samples samples) {
		this.peerName = (samples != null) ? who : "-";
		this.peer = samples;
		return this;
	}

	/**
	 * Adds a target.
	 * @param target the target in words
	 * @param reached whether it is reached
	 * @return this
	 */
	public Result target(String target, boolean reached) {
		this.targets.add(target);
		if (!reached) {
			this.missed.add(target);
		}
		return this;
	}

	/**
	 * Adds a remark that is printed below the table.
	 * @param note the remark
	 * @return this
	 */
	public Result note(String note) {
		this.notes.add(note);
		return this;
	}

	/**
	 * Returns the line for programs.
	 * @return one line
	 */
	public String line() {
		String ratio = (this.value != null && this.limit != null) ? number(this.value.ratioTo(this.limit)) : "-";
		return String.format("RESULT name=%s value=%s unit=%s limit=%s ratio=%s peer=%s peer_value=%s", this.name,
				median(this.value), this.unit, median(this.limit), ratio, this.peerName, median(this.peer));
	}

	/**
	 * Returns the cells of the line for people.
	 * @return as many cells as {@link Table#HEAD} has
	 */
	public List<String> cells() {
		String spread = (this.value != null && this.value.size() > 1)
				? number(this.value.min()) + "–" + number(this.value.max()) : "";
		String limitCell = (this.limit != null) ? median(this.limit) + " " + this.limitName : "";
		String ratio = (this.value != null && this.limit != null) ? number(this.value.ratioTo(this.limit)) : "";
		String peerCell = (this.peer != null) ? median(this.peer) + " " + this.peerName : "";
		return List.of(this.name, (this.value != null) ? median(this.value) + " " + this.unit : "", spread, limitCell,
				ratio, peerCell, String.join(" and ", this.targets), verdict());
	}

	private String verdict() {
		if (this.value == null) {
			return "not measured: " + this.problem;
		}
		if (this.missed.isEmpty()) {
			return this.targets.isEmpty() ? "" : "reached";
		}
		return "MISSED" + ((this.targets.size() > 1) ? " " + String.join(" and ", this.missed) : "");
	}

	/**
	 * Returns the remarks.
	 * @return remarks, each with the name of the row
	 */
	public List<String> notes() {
		return this.notes.stream().map((note) -> this.name + ": " + note).toList();
	}

	private static String median(@Nullable Samples samples) {
		return (samples != null) ? number(samples.median()) : "-";
	}

	/**
	 * Formats a number with three significant digits or more.
	 * @param number the number
	 * @return the number without an exponent, or a hyphen for the ratio to nothing
	 */
	public static String number(double number) {
		double size = Math.abs(number);
		if (!Double.isFinite(number)) {
			return "-";
		}
		int digits = (size >= 100 || number == Math.rint(number)) ? 0 : (size >= 10) ? 1 : (size >= 1) ? 2 : 3;
		return String.format(Locale.ROOT, "%." + digits + "f", number);
	}

}
