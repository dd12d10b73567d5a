package io.vimap.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The callers whose tasks have ended in one turn, to be woken. To wake a thread takes
 * longer than a quick task, and the reader thread, which has to do it, would be busy with
 * nothing else. So it wakes the first few, and each of these the next before it returns
 * to its caller.
 * <p>
 * Filled by one thread, which then {@link #begin begins}; woken threads go on.
 */
final class WakeUps {

	/** How many are woken by the one that begins, so that no processor waits for work. */
	private static final int AT_ONCE = 4;

	private final List<TaskFuture<?>> futures = new ArrayList<>();

	private final AtomicInteger next = new AtomicInteger();

	void add(TaskFuture<?> future) {
		this.futures.add(future);
	}

	void begin() {
		for (int i = 0; i < AT_ONCE; i++) {
			wakeNext();
		}
	}

	/**
	 * Wakes the next that still waits, which has to call this in its turn. Virtual
	 * threads are woken without: they may not run before others leave them a carrier. Any
	 * thread.
	 */
	void wakeNext() {
		int at;
		while ((at = this.next.getAndIncrement()) < this.futures.size()) {
			if (this.futures.get(at).wake(this)) {
				return;
			}
		}
	}

}
