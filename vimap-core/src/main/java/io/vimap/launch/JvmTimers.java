package io.vimap.launch;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The options by which the JVM of an idle child wakes up less often.
 * <p>
 * HotSpot looks four times a second whether there are monitors to deflate, which is most
 * of what an idle child costs. Once a second is what early Java 17 did (before
 * JDK-8306825). The interval is how often it looks, and nothing else: deflation still
 * begins when nine tenths of what is thought normal (1,024 monitors a thread) are in use,
 * and every minute. So memory stays bounded, by what a child inflates in a second instead
 * of a quarter: some 200 bytes for each object that a thread waits for, or whose lock is
 * contended. 100,000 new ones a second cost 20 MB. A longer interval would cost more
 * memory for little: the JVM has other timers, one of a second among them.
 * <p>
 * An option that a JVM doesn't know keeps it from starting, and so these are for versions
 * that are known to have it.
 */
final class JvmTimers {

	/** The first version of Java that is known to have the option. */
	private static final int FIRST = 17;

	/** The last one; no option vanishes and comes back in between. */
	private static final int LAST = 25;

	private static final Pattern HOTSPOT = Pattern.compile("(?:OpenJDK|Java HotSpot).* VM");

	/** What the user may have chosen to have more deflation, or less. */
	private static final Pattern DEFLATION = Pattern
		.compile("DeflationInterval|GuaranteedSafepointInterval|MonitorUsedDeflationThreshold");

	private JvmTimers() {
	}

	/**
	 * Lists the options that fit a JVM and what the user has chosen.
	 * @param vm the name of the child's JVM
	 * @param version its feature version
	 * @param chosen what the user has chosen
	 * @return the options, to be followed by the pool's
	 */
	static List<String> options(String vm, int version, ChosenOptions chosen) {
		boolean known = HOTSPOT.matcher(vm).matches() && version >= FIRST && version <= LAST;
		if (!known || chosen.include(DEFLATION)) {
			return List.of();
		}
		// The first allows the second, and changes nothing else.
		return List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:AsyncDeflationInterval=1000");
	}

}
