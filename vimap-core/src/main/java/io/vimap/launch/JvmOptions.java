package io.vimap.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options every child gets unless its pool says otherwise.
 * <p>
 * Most options are overridden by a later one of the same name, and so the pool's simply
 * follow the defaults. Those about the heap and the collector contradict each other
 * across names, and the JVM then refuses to start: these defaults give way.
 */
final class JvmOptions {

	static final String MAX_HEAP = "-Xmx256m";

	static final String INITIAL_HEAP = "-Xms16m";

	private static final long INITIAL_HEAP_BYTES = 16L << 20;

	private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC\\b");

	private static final Pattern HEAP_LIMIT = Pattern.compile("(?:-Xmx|-XX:MaxHeapSize=)(\\d+)([kKmMgGtT]?)");

	private static final Pattern HEAP_SIZE = Pattern
		.compile("-Xm[sx]|-XX:(?:Max|Initial|Min)(?:HeapSize|RAMPercentage|RAMFraction|RAM)=");

	private static final Pattern INITIAL_SIZE = Pattern
		.compile("-Xms|-XX:(?:Initial|Min)(?:HeapSize|RAMPercentage|RAMFraction)=");

	private JvmOptions() {
	}

	/**
	 * Lists the defaults that fit what the user has chosen.
	 * @param chosen what the user has chosen
	 * @return the defaults, to be followed by the pool's options
	 */
	static List<String> defaults(ChosenOptions chosen) {
		List<String> options = new ArrayList<>();
		if (!chosen.include(COLLECTOR)) {
			// The least memory and the fastest start; a worker runs one task at a time.
			options.add("-XX:+UseSerialGC");
		}
		addHeap(options, chosen.ofPool());
		// No file in the directory for temporary files that a killed child leaves behind.
		options.add("-XX:-UsePerfData");
		// After it no class can be trusted to be in a sane state.
		options.add("-XX:+ExitOnOutOfMemoryError");
		// What the JVM says when it gives up is to be among the last lines of stderr.
		options.add("-XX:+DisplayVMOutputToStderr");
		// Without it a counted loop holds up its own thread dump, and the end of the JVM.
		options.add("-XX:+UseCountedLoopSafepoints");
		// Not one in each turn, which is the default here, slow, and warned of.
		options.add("-XX:LoopStripMiningIter=1000");
		options.add("-Xlog:disable");
		options.add("-Xlog:all=warning:stderr:level,tags");
		return options;
	}

	private static void addHeap(List<String> options, String chosen) {
		if (!HEAP_SIZE.matcher(chosen).find()) {
			options.add(INITIAL_HEAP);
			options.add(MAX_HEAP);
		}
		else if (!INITIAL_SIZE.matcher(chosen).find() && heapLimit(chosen) >= INITIAL_HEAP_BYTES) {
			// Without it the JVM starts with 1/64 of the machine's memory.
			options.add(INITIAL_HEAP);
		}
	}

	/**
	 * Reads the limit of the heap.
	 * @return bytes, 0 if none is given
	 */
	private static long heapLimit(String chosen) {
		long limit = 0;
		Matcher matcher = HEAP_LIMIT.matcher(chosen);
		while (matcher.find()) {
			int shift = 10
					* " kmgt".indexOf((matcher.group(2).isEmpty() ? " " : matcher.group(2).toLowerCase(Locale.ROOT)));
			limit = Long.parseLong(matcher.group(1)) << shift;
		}
		return limit;
	}

}
