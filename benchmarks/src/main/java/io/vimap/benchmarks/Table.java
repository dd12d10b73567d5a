package io.vimap.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligns cells in columns.
 */
final class Table {

	static final List<String> HEAD = List.of("row", "median", "min–max", "limit", "ratio", "peer", "target", "verdict");

	private final List<List<String>> lines = new ArrayList<>();

	Table() {
		this.lines.add(HEAD);
	}

	void add(List<String> cells) {
		this.lines.add(cells);
	}

	String format() {
		StringBuilder text = new StringBuilder();
		for (List<String> line : this.lines) {
			StringBuilder row = new StringBuilder();
			for (int column = 0; column < line.size(); column++) {
				String cell = line.get(column);
				row.append(cell).append(" ".repeat(width(column) - cell.length() + 2));
			}
			text.append(row.toString().stripTrailing()).append('\n');
		}
		return text.toString();
	}

	private int width(int column) {
		return this.lines.stream()
			.filter((line) -> column < line.size())
			.mapToInt((line) -> line.get(column).length())
			.max()
			.orElse(0);
	}

}
