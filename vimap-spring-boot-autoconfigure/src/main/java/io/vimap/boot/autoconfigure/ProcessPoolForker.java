package io.vimap.boot.autoconfigure;

import java.util.List;

import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.jspecify.annotations.Nullable;

/**
 * Forks pools. The seam that lets this module be tested without processes.
 */
@FunctionalInterface
interface ProcessPoolForker {

	<I extends @Nullable Object, O extends @Nullable Object> ProcessPool<I, O> fork(List<WorkerSpec<I, O>> workers,
			PoolOptions options);

}
