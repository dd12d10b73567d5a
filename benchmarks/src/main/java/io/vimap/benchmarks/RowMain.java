package io.vimap.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Measures one row. Runs in a JVM of its own, so that no row inherits the compiled code,
 * the heap or the threads of another.
 */
final class RowMain {

	/** Begins a line that holds cells of the table, separated by tabs. */
	static final String CELLS = "CELLS\t";

	/** Begins a line that holds a remark. */
	static final String NOTE = "NOTE\t";

	private RowMain() {
	}

	public static void main(String[] args) throws Exception {
		PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
		Row row = Rows.byName(args[0]);
		for (Result result : row.measure(new Effort(Integer.parseInt(args[1]), Boolean.parseBoolean(args[2])))) {
			out.println(result.line());
			out.println(CELLS + String.join("\t", result.cells()));
			result.notes().forEach((note) -> out.println(NOTE + note));
		}
		// A thread that something has left behind must not keep the benchmark waiting.
		System.exit(0);
	}

}
