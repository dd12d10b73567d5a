package io.vimap.launch;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the user has chosen for a child's JVM.
 *
 * @param ofPool the options of its pool, in one string
 * @param ofVariables those that the JVM takes from variables of its environment, in one
 * string
 */
record ChosenOptions(String ofPool, String ofVariables) {

	/** Variables from which the JVM itself takes options. */
	static final List<String> VARIABLES = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

	/**
	 * Collects them.
	 * @param jvmArgs the options of the pool
	 * @param environment the child's environment
	 * @return what has been chosen
	 */
	static ChosenOptions of(List<String> jvmArgs, Map<String, String> environment) {
		StringBuilder ofVariables = new StringBuilder();
		for (String variable : VARIABLES) {
			ofVariables.append(environment.getOrDefault(variable, "")).append(' ');
		}
		return new ChosenOptions(String.join(" ", jvmArgs), ofVariables.toString());
	}

	/**
	 * Tells whether an option has been chosen, wherever.
	 * @param option what it looks like
	 * @return whether there is one that looks so
	 */
	boolean include(Pattern option) {
		return option.matcher(this.ofPool + " " + this.ofVariables).find();
	}

}
