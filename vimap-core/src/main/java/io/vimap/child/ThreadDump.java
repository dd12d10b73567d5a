package io.vimap.child;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stacks of this process as text, without the management module, which would cost
 * each child half a second and megabytes.
 */
public final class ThreadDump {

	private ThreadDump() {
	}

	/**
	 * Takes the stacks of all threads.
	 * @return the threads by name, each with its stack
	 */
	public static String take() {
		Map<Thread, StackTraceElement[]> stacks = new TreeMap<>(
				Comparator.comparing(Thread::getName).thenComparingInt(System::identityHashCode));
		stacks.putAll(Thread.getAllStackTraces());
		StringBuilder text = new StringBuilder(4096);
		stacks.forEach((thread, stack) -> {
			text.append('"')
				.append(thread.getName())
				.append('"')
				.append(thread.isDaemon() ? " daemon " : " ")
				.append(thread.getState())
				.append('\n');
			append(text, stack);
			text.append('\n');
		});
		return text.toString();
	}

	/**
	 * Takes the stack of one thread.
	 * @param thread the thread
	 * @return one frame per line
	 */
	public static String of(Thread thread) {
		StringBuilder text = new StringBuilder(1024);
		append(text, thread.getStackTrace());
		return text.toString();
	}

	private static void append(StringBuilder text, StackTraceElement[] stack) {
		for (StackTraceElement frame : stack) {
			text.append("\tat ").append(frame).append('\n');
		}
	}

}
