package io.vimap.benchmarks.reference;

import java.util.zip.CRC32;

/**
 * Work for a processor that takes the same time in any JVM: nearly all of it is one
 * hand-written loop of the JVM, which no compiler has to find out to be hot first.
 */
public final class CpuWork {

	private static final byte[] BLOCK = new byte[16 * 1024];

	private CpuWork() {
	}

	/**
	 * Works.
	 * @param rounds how long
	 * @return something that depends on all of it
	 */
	public static int run(int rounds) {
		CRC32 crc = new CRC32();
		for (int i = 0; i < rounds; i++) {
			crc.update(BLOCK, 0, BLOCK.length);
		}
		return (int) crc.getValue();
	}

	/**
	 * Finds out how much work takes a millisecond here and now.
	 * @return rounds
	 */
	public static int roundsPerMilli() {
		int rounds = 2000;
		long best = Long.MAX_VALUE;
		for (int i = 0; i < 50; i++) {
			long begin = System.nanoTime();
			run(rounds);
			best = Math.min(best, System.nanoTime() - begin);
		}
		return (int) Math.max(1, rounds * 1_000_000L / best);
	}

}
