package io.vimap.launch;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a child takes over of the environment of this process: all but what is meant for
 * this process alone.
 */
final class InheritedEnvironment {

	/**
	 * JVM options that listen at a port, which this process has taken: a child could not
	 * start. A debugger that a child is to wait for would find only one of them.
	 */
	private static final Pattern LISTENING = Pattern
		.compile("(?<!\\S)[\"']?(-agentlib:jdwp|-Xrunjdwp|-Dcom\\.sun\\.management\\.jmxremote\\.port=)\\S*");

	private InheritedEnvironment() {
	}

	/**
	 * Removes what a child must not take over.
	 * @param environment the environment of this process, changed to that of a child
	 */
	static void reduce(Map<String, String> environment) {
		environment.keySet().removeIf((name) -> name.startsWith("LOADER_"));
		for (String variable : ChosenOptions.VARIABLES) {
			environment.computeIfPresent(variable, (name, options) -> {
				String others = LISTENING.matcher(options).replaceAll("").strip();
				return others.isEmpty() ? null : others;
			});
		}
	}

}
