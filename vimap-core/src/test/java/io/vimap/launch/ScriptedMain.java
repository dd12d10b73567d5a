package io.vimap.launch;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import com.sun.management.HotSpotDiagnosticMXBean;

/**
 * What the children of these tests run: does what the lines on its standard input say,
 * one after the other.
 */
public final class ScriptedMain {

	private ScriptedMain() {
	}

	/**
	 * Runs the script.
	 * @param args none
	 * @throws Exception if a line fails
	 */
	public static void main(String[] args) throws Exception {
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		String line = input.readLine();
		while (line != null) {
			String[] words = line.split(" ", 2);
			run(words[0], (words.length > 1) ? words[1] : "");
			line = input.readLine();
		}
		System.out.println("end of input");
	}

	private static void run(String command, String argument) throws Exception {
		switch (command) {
			case "out" -> System.out.println(argument);
			case "err" -> System.err.println(argument);
			case "property" -> System.out.println(System.getProperty(argument));
			case "variable" -> System.out.println(System.getenv(argument));
			case "flag" -> flag(argument);
			case "flood-out" -> flood(System.out, Integer.parseInt(argument));
			case "flood-err" -> flood(System.err, Integer.parseInt(argument));
			case "long-line" -> System.out.println("x".repeat(Integer.parseInt(argument)));
			case "shell" -> shell(argument);
			case "allocate" -> allocate();
			case "exit" -> System.exit(Integer.parseInt(argument));
			case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(argument));
			case "wait" -> new CountDownLatch(1).await();
			default -> throw new IllegalArgumentException(command);
		}
	}

	private static void flag(String name) {
		HotSpotDiagnosticMXBean jvm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
		try {
			System.out.println(jvm.getVMOption(name).getValue());
		}
		catch (IllegalArgumentException ex) {
			System.out.println("locked");
		}
	}

	private static void flood(PrintStream stream, int lines) {
		// In large writes, or the flood is too slow to be one.
		StringBuilder text = new StringBuilder();
		for (int i = 1; i <= lines; i++) {
			text.append("line ").append(i).append('\n');
			if (i % 1_000 == 0 || i == lines) {
				stream.print(text);
				text.setLength(0);
			}
		}
		stream.flush();
	}

	/** The grandchild inherits the pipes, as that of a careless library would. */
	private static void shell(String script) throws IOException {
		new ProcessBuilder("sh", "-c", script).inheritIO().start();
	}

	private static void allocate() {
		List<byte[]> hoard = new ArrayList<>();
		while (!hoard.isEmpty() || hoard.size() == 0) {
			hoard.add(new byte[1 << 20]);
		}
	}

}
