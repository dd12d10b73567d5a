package io.vimap.boot.autoconfigure;

import io.vimap.pool.PoolFailedException;
import io.vimap.pool.VimapException;
import io.vimap.pool.WorkerStartException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a pool whose workers could not be started with the application.
 */
class PoolStartFailureAnalyzer extends AbstractFailureAnalyzer<VimapException> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, VimapException cause) {
		if (!(cause instanceof WorkerStartException || cause instanceof PoolFailedException)) {
			return null;
		}
		String pool = cause.pool();
		Throwable root = cause;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		String because = (root != cause) ? "%n%nRoot cause: %s".formatted(root) : "";
		return new FailureAnalysis(
				"The workers of process pool '%s' could not be started: %s%s".formatted(pool, cause.getMessage(),
						because),
				("Mend what the worker's process complains about. If it is only slow, raise 'vimap.pools.%1$s.start-timeout' "
						+ "or 'vimap.pools.%1$s.init-timeout'. If the application is of use without this pool, set "
						+ "'vimap.pools.%1$s.required' to 'false': then only its health tells.")
					.formatted(pool),
				cause);
	}

}
