package io.vimap.boot.autoconfigure;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Finds what somebody may have meant who mistyped a name.
 */
final class SimilarNames {

	private static final int MOST_MISTAKES = 2;

	private SimilarNames() {
	}

	/**
	 * Finds the name that is most like another.
	 * @param mistyped the name that does not exist
	 * @param names those that do
	 * @return one that differs in at most two letters and is longer than that
	 */
	static Optional<String> closest(String mistyped, Collection<String> names) {
		return names.stream()
			.filter((name) -> name.length() > MOST_MISTAKES && distance(mistyped, name) <= MOST_MISTAKES)
			.min(Comparator.comparingInt((name) -> distance(mistyped, name)));
	}

	/** Letters to insert, remove or replace. */
	private static int distance(String one, String other) {
		int[] row = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = diagonal + ((one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[other.length()];
	}

}
