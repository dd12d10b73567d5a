package io.vimap.benchmarks;

import java.util.List;

/**
 * One row of the table, or a few that come out of the same runs.
 */
public interface Row {

	/**
	 * Returns what selects this row on the command line.
	 * @return the name
	 */
	String name();

	/**
	 * Returns further options for the JVM that measures, which is the pool's parent.
	 * @return options
	 */
	default List<String> jvmArgs() {
		return List.of();
	}

	/**
	 * Measures.
	 * @param effort how much
	 * @return one result or several, whose names begin with the row's
	 * @throws Exception if it can't be measured
	 */
	List<Result> measure(Effort effort) throws Exception;

}
