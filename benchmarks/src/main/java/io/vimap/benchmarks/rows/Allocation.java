package io.vimap.benchmarks.rows;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.ThreadMXBean;

/**
 * What all threads of this JVM allocate from here on. Does not see threads that end.
 */
final class Allocation {

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Map<Long, Long> before = read();

	/** Returns the bytes since this object was made. */
	long bytes() {
		long sum = 0;
		for (Map.Entry<Long, Long> now : read().entrySet()) {
			sum += now.getValue() - this.before.getOrDefault(now.getKey(), 0L);
		}
		return sum;
	}

	private Map<Long, Long> read() {
		long[] ids = this.threads.getAllThreadIds();
		long[] allocated = this.threads.getThreadAllocatedBytes(ids);
		Map<Long, Long> bytes = new HashMap<>();
		for (int i = 0; i < ids.length; i++) {
			if (allocated[i] >= 0) {
				bytes.put(ids[i], allocated[i]);
			}
		}
		return bytes;
	}

}
