package io.vimap.serial;

import io.vimap.Vimap;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ProcessPool;
import io.vimap.serial.Subjects.Obedient;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;

/**
 * Makes serial pools.
 */
final class SerialPools {

	private SerialPools() {
	}

	static PoolOptions.Builder serial() {
		return PoolOptions.builder().name("serial").mode(PoolMode.SERIAL);
	}

	static ProcessPool<String, Value> obedient(int size) {
		return Vimap.forkIdentical(WorkerSpec.of(Obedient.class), size, serial().maxPayload(1000).build());
	}

}
