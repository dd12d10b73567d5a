package io.vimap.boot.autoconfigure;

import java.util.Collections;
import java.util.List;

import io.vimap.boot.InvalidPoolException;
import io.vimap.pool.PoolOptions;

/**
 * Brings {@code processes} and {@code workers} together.
 */
final class ProcessCount {

	private final String name;

	private final VimapProperties.Pool pool;

	private final PoolOptionsMapper mapper;

	private final PoolProperties origins;

	ProcessCount(String name, VimapProperties.Pool pool, PoolOptionsMapper mapper, PoolProperties origins) {
		this.name = name;
		this.pool = pool;
		this.mapper = mapper;
		this.origins = origins;
	}

	/**
	 * Finds how many processes the pool has.
	 * @param initArgs what {@link InitArgs#of} found
	 * @return the init args of each process
	 * @throws InvalidPoolException if there is no process, or if the two contradict each
	 * other
	 */
	List<InitArgs> apply(List<InitArgs> initArgs) {
		boolean listed = this.origins.find("workers").value() != null;
		Integer own = this.pool.getProcesses();
		if (listed) {
			if (own != null && own != initArgs.size()) {
				throw invalid("'processes' is " + own + " but 'workers' has " + initArgs.size() + " entries.",
						"Remove 'processes', or set it to " + initArgs.size()
								+ " where 'workers' is set: that has one entry for each process.");
			}
			return initArgs;
		}
		int processes = this.mapper.get(PoolSettings::getProcesses, Runtime.getRuntime().availableProcessors());
		if (processes < 1) {
			throw invalid("a pool needs at least one process.",
					"Set 'processes' to a whole number of at least 1, or 'enabled' to 'false' to do without the pool.");
		}
		if (processes > PoolOptions.MOST_PROCESSES) {
			throw invalid("a pool can't have so many processes.",
					"Set 'processes' to a whole number from 1 to " + PoolOptions.MOST_PROCESSES + ".");
		}
		return Collections.nCopies(processes, initArgs.get(0));
	}

	private InvalidPoolException invalid(String problem, String action) {
		return new InvalidPoolException(this.name, problem, action, this.origins.find("processes"), null);
	}

}
