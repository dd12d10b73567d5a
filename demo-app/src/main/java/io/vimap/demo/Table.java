package io.vimap.demo;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table for people: the first column is aligned to the left, the others to the right.
 */
class Table {

	private final List<String[]> rows = new ArrayList<>();

	private final int columns;

	Table(String... headings) {
		this.columns = headings.length;
		this.rows.add(headings);
	}

	/**
	 * Adds a row.
	 * @param cells a cell for each column; whole numbers are written with separators
	 * @return this table
	 */
	Table row(Object... cells) {
		this.rows.add(Arrays.stream(cells).map(Table::text).toArray(String[]::new));
		return this;
	}

	private static String text(Object cell) {
		return (cell instanceof Long number) ? String.format(Locale.ROOT, "%,d", number) : cell.toString();
	}

	void print(PrintStream out) {
		int[] widths = new int[this.columns];
		this.rows.forEach((row) -> Arrays.setAll(widths, (column) -> Math.max(widths[column], row[column].length())));
		String rule = "+"
				+ Arrays.stream(widths).mapToObj((width) -> "-".repeat(width + 2) + "+").reduce("", String::concat);
		out.println(rule);
		printRow(out, this.rows.get(0), widths);
		out.println(rule);
		this.rows.stream().skip(1).forEach((row) -> printRow(out, row, widths));
		out.println(rule);
	}

	private static void printRow(PrintStream out, String[] row, int[] widths) {
		StringBuilder line = new StringBuilder("|");
		for (int column = 0; column < row.length; column++) {
			String padding = " ".repeat(widths[column] - row[column].length());
			line.append(' ').append((column == 0) ? row[column] + padding : padding + row[column]).append(" |");
		}
		out.println(line);
	}

}
