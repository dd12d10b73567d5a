package io.vimap.boot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.vimap.boot.InvalidPoolException;
import io.vimap.boot.InvalidPoolException.Property;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * The init args of one process: those of {@code workers[i]} before those of the pool's
 * {@code init-args} before those of the defaults.
 */
final class InitArgs {

	private static final Pattern SIMPLE = Pattern.compile("[A-Za-z0-9_-]+");

	private final PoolProperties pool;

	/** What was set for this very pool. */
	private final FlatProperties own;

	private final FlatProperties defaults;

	private InitArgs(PoolProperties pool, FlatProperties own, FlatProperties defaults) {
		this.pool = pool;
		this.own = own;
		this.defaults = defaults;
	}

	/**
	 * Finds the init args of a pool.
	 * @param name the pool's name
	 * @param pool its properties
	 * @return one element for each entry of {@code workers}, or a single one if there are
	 * no {@code workers}
	 * @throws InvalidPoolException if {@code workers} is an empty list or no list
	 */
	static List<InitArgs> of(String name, PoolProperties pool) {
		FlatProperties shared = FlatProperties.below(pool.sources(), name(pool.prefix() + ".init-args"));
		FlatProperties defaults = FlatProperties.below(pool.sources(), name(PoolProperties.DEFAULTS + ".init-args"));
		FlatProperties workers = FlatProperties.below(pool.sources(), name(pool.prefix() + ".workers"));
		List<InitArgs> result = new ArrayList<>();
		for (FlatProperties worker = workers.element(0); !worker.isEmpty(); worker = workers.element(result.size())) {
			worker.addLayer(shared);
			result.add(new InitArgs(pool, worker, defaults));
		}
		if (result.isEmpty()) {
			checkWorkersAbsent(name, pool, workers);
			result.add(new InitArgs(pool, shared, defaults));
		}
		return result;
	}

	private static void checkWorkersAbsent(String name, PoolProperties pool, FlatProperties elements) {
		Property workers = pool.find("workers");
		if (workers.value() != null) {
			throw new InvalidPoolException(name,
					elements.isEmpty() ? "'workers' has no entries, but a pool needs at least one process."
							: "'workers' is not a list.",
					"Add an entry (a map of init args) for each process, or remove 'workers' and set 'processes'.",
					workers, null);
		}
	}

	/**
	 * Returns the init args as they travel to the child.
	 * @return values by flat names
	 */
	Map<String, String> values() {
		Map<String, String> values = new LinkedHashMap<>();
		merged().forEach((name, property) -> {
			if (!name.isEmpty()) {
				values.put(write(name), resolve(property));
			}
		});
		return values;
	}

	/** Keys of maps keep their case, which the name's own text form does not. */
	private static String write(ConfigurationPropertyName name) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			String element = name.getElement(i, ConfigurationPropertyName.Form.ORIGINAL);
			if (name.isNumericIndex(i) || !SIMPLE.matcher(element).matches()) {
				text.append('[').append(element).append(']');
			}
			else {
				text.append((i > 0) ? "." : "").append(element);
			}
		}
		return text.toString();
	}

	/**
	 * Returns what was set for this very pool.
	 * @return the properties, to be bound strictly
	 */
	FlatProperties own() {
		return this.own;
	}

	/**
	 * Returns all init args, with those of the defaults.
	 * @return the properties in order of precedence
	 */
	FlatProperties merged() {
		FlatProperties merged = new FlatProperties();
		merged.addLayer(this.own);
		merged.addLayer(this.defaults);
		return merged;
	}

	/**
	 * Returns what comes from the defaults and is not overridden.
	 * @return the properties, to be bound leniently
	 */
	FlatProperties inherited() {
		return merged().without(this.own);
	}

	/**
	 * Returns a value as it travels to the child: as text, whatever it was in a file.
	 * @param property the property
	 * @return the text that the child binds
	 */
	String resolve(ConfigurationProperty property) {
		return String.valueOf(this.pool.resolve(property.getValue()));
	}

	Property describe(ConfigurationProperty property) {
		return this.pool.describe(property);
	}

	private static ConfigurationPropertyName name(String name) {
		return ConfigurationPropertyName.of(name);
	}

}
