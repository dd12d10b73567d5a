package io.vimap.launch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last lines of a stream. Written by one pump, read by anyone, hence synchronized.
 */
final class LastLines {

	static final int CAPACITY = 50;

	/** Guarded by this. */
	private final Deque<String> lines = new ArrayDeque<>(CAPACITY);

	synchronized void add(String line) {
		if (this.lines.size() == CAPACITY) {
			this.lines.removeFirst();
		}
		this.lines.addLast(line);
	}

	synchronized List<String> toList() {
		return List.copyOf(this.lines);
	}

}
