package io.vimap.boot.child;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a child is told about logging.
 *
 * @param levels the levels of the loggers that have one of their own
 * @param marked whether the parent reads the lines, and so the marks that tell their
 * level
 */
public record LogSettings(LinkedHashMap<String, String> levels, boolean marked) implements Serializable {

	/**
	 * Creates settings.
	 * @param levels levels by logger name
	 * @param marked whether the parent reads the lines
	 */
	public LogSettings(Map<String, String> levels, boolean marked) {
		this(new LinkedHashMap<>(levels), marked);
	}

}
