package io.vimap.boot.child;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a child is told about logging. No record, for the reason told in
 * {@link ResolvedProperties}.
 */
public final class LogSettings implements Serializable {

	private static final long serialVersionUID = 1L;

	private final LinkedHashMap<String, String> levels;

	private final boolean marked;

	/**
	 * Creates settings.
	 * @param levels levels by logger name, of the loggers that have one of their own
	 * @param marked whether the parent reads the lines, and so the marks that tell their
	 * level
	 */
	public LogSettings(Map<String, String> levels, boolean marked) {
		this.levels = new LinkedHashMap<>(levels);
		this.marked = marked;
	}

	Map<String, String> levels() {
		return this.levels;
	}

	boolean marked() {
		return this.marked;
	}

}
