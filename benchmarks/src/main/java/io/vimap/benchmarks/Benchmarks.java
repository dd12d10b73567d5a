package io.vimap.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.vimap.benchmarks.reference.JvmCommand;
import io.vimap.benchmarks.reference.Python;

/**
 * The command: runs the rows one after the other and prints the table.
 */
final class Benchmarks {

	private static final int FULL_REPETITIONS = 5;

	/** Far more than any row needs. */
	private static final int ROW_LIMIT_SECONDS = 240;

	private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

	private final Table table = new Table();

	private final List<String> notes = new ArrayList<>();

	private final Effort effort;

	private boolean failed;

	private Benchmarks(Effort effort) {
		this.effort = effort;
	}

	public static void main(String[] args) throws Exception {
		boolean smoke = false;
		int repetitions = 0;
		List<Row> rows = new ArrayList<>();
		try {
			for (int i = 0; i < args.length; i++) {
				switch (args[i]) {
					case "--smoke" -> smoke = true;
					case "--repetitions" -> repetitions = positive(args, ++i);
					case "--list" -> {
						Rows.ALL.forEach((row) -> System.out.println(row.name()));
						return;
					}
					default -> rows.add(Rows.byName(args[i]));
				}
			}
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.exit(2);
		}
		repetitions = (repetitions > 0) ? repetitions : smoke ? 1 : FULL_REPETITIONS;
		Benchmarks benchmarks = new Benchmarks(new Effort(repetitions, smoke));
		System.exit(benchmarks.run(rows.isEmpty() ? Rows.ALL : rows) ? 0 : 1);
	}

	private static int positive(String[] args, int at) {
		if (at == args.length || !args[at].matches("[1-9][0-9]{0,3}")) {
			throw new IllegalArgumentException(
					args[at - 1] + " takes a number from 1 to 9999" + ((at < args.length) ? ", not " + args[at] : ""));
		}
		return Integer.parseInt(args[at]);
	}

	/** Returns whether everything could be measured. */
	private boolean run(List<Row> rows) throws InterruptedException {
		this.out.printf("%s %s, %d processors, %d repetition(s)%s%n", System.getProperty("java.vm.name"),
				Runtime.version(), Runtime.getRuntime().availableProcessors(), this.effort.repetitions(),
				this.effort.smoke() ? ", SMOKE RUN: figures mean nothing" : "");
		if (!Python.isAvailable()) {
			this.out.println("python3 is not on this machine: no peers");
		}
		for (Row row : rows) {
			String problem;
			try {
				problem = run(row);
			}
			catch (IOException ex) {
				problem = ex.toString();
			}
			if (!problem.isEmpty()) {
				this.failed = true;
				Result result = Result.none(row.name(), problem);
				this.out.println(result.line());
				this.table.add(result.cells());
			}
		}
		this.out.println();
		this.out.print(this.table.format());
		this.notes.forEach(this.out::println);
		return !this.failed;
	}

	/** Returns what went wrong, or nothing. */
	private String run(Row row) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(JvmCommand.of(row.jvmArgs(), RowMain.class, row.name(),
				String.valueOf(this.effort.repetitions()), String.valueOf(this.effort.smoke())))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		process.getOutputStream().close();
		Thread reader = new Thread(() -> read(process), "row-output");
		reader.start();
		boolean ended = process.waitFor(ROW_LIMIT_SECONDS, TimeUnit.SECONDS);
		if (!ended) {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly().waitFor();
		}
		reader.join();
		if (!ended) {
			return "took more than " + ROW_LIMIT_SECONDS + " s";
		}
		return (process.exitValue() == 0) ? "" : "exit code " + process.exitValue();
	}

	private void read(Process process) {
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			String line;
			while ((line = lines.readLine()) != null) {
				if (line.startsWith(RowMain.CELLS)) {
					this.table.add(List.of(line.substring(RowMain.CELLS.length()).split("\t", -1)));
				}
				else if (line.startsWith(RowMain.NOTE)) {
					this.notes.add(line.substring(RowMain.NOTE.length()));
				}
				else {
					this.out.println(line);
				}
			}
		}
		catch (IOException ex) {
			this.out.println(ex);
		}
	}

}
