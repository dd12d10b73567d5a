package io.vimap.boot.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;

/**
 * Properties by their names relative to a prefix, in layers of falling precedence. As in
 * Spring Boot, maps merge key by key while a list comes as a whole from the highest layer
 * that has it.
 */
final class FlatProperties {

	private final Map<ConfigurationPropertyName, ConfigurationProperty> properties = new LinkedHashMap<>();

	/**
	 * Collects what is below a prefix.
	 * @param sources the sources in order of precedence
	 * @param prefix the prefix
	 * @return new properties, named relative to the prefix
	 */
	static FlatProperties below(Iterable<ConfigurationPropertySource> sources, ConfigurationPropertyName prefix) {
		FlatProperties result = new FlatProperties();
		for (ConfigurationPropertySource source : sources) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				result.addLayer(layer(iterable, prefix));
			}
		}
		return result;
	}

	private static FlatProperties layer(IterableConfigurationPropertySource source, ConfigurationPropertyName prefix) {
		FlatProperties layer = new FlatProperties();
		for (ConfigurationPropertyName name : source) {
			if (prefix.isAncestorOf(name)) {
				ConfigurationProperty property = source.getConfigurationProperty(name);
				if (property != null) {
					layer.properties.putIfAbsent(name.subName(prefix.getNumberOfElements()), property);
				}
			}
		}
		return layer;
	}

	/**
	 * Adds what has lower precedence than everything here. A list is replaced as a whole,
	 * also by a single text that stands for a list, and such a text by a list.
	 * @param layer the properties to add
	 */
	void addLayer(FlatProperties layer) {
		Set<ConfigurationPropertyName> lists = new LinkedHashSet<>();
		this.properties.keySet().forEach((name) -> {
			int index = firstIndex(name);
			if (index < name.getNumberOfElements()) {
				lists.add(name.chop(index));
			}
		});
		layer.properties.forEach((name, property) -> {
			if (!this.properties.containsKey(list(name)) && !lists.contains(name)
					&& lists.stream().noneMatch((list) -> list.isAncestorOf(name))) {
				this.properties.put(name, property);
			}
			else {
				spell(name);
			}
		});
	}

	/**
	 * A variable of the operating system has lost the dashes and capitals of the name
	 * that it means, but who reads a map asks for the name as a file has it.
	 */
	private void spell(ConfigurationPropertyName name) {
		ConfigurationProperty property = this.properties.get(name);
		if (property != null && !isPlain(name)
				&& this.properties.keySet().stream().anyMatch((key) -> key.equals(name) && isPlain(key))) {
			this.properties.remove(name);
			this.properties.put(name, property);
		}
	}

	private static boolean isPlain(ConfigurationPropertyName name) {
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			if (!name.getElement(i, Form.ORIGINAL).equals(name.getElement(i, Form.UNIFORM))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Returns what belongs to one element of a list that is at the root of these names.
	 * @param index the element
	 * @return new properties, named relative to the element
	 */
	FlatProperties element(int index) {
		FlatProperties result = new FlatProperties();
		String expected = Integer.toString(index);
		this.properties.forEach((name, property) -> {
			if (name.isNumericIndex(0) && name.getElement(0, Form.ORIGINAL).equals(expected)) {
				result.properties.put(name.subName(1), property);
			}
		});
		return result;
	}

	/**
	 * Returns what is not in other properties.
	 * @param others the properties to leave out
	 * @return new properties
	 */
	FlatProperties without(FlatProperties others) {
		FlatProperties result = new FlatProperties();
		result.properties.putAll(this.properties);
		result.properties.keySet().removeAll(others.properties.keySet());
		return result;
	}

	@Nullable ConfigurationProperty get(ConfigurationPropertyName name) {
		return this.properties.get(name);
	}

	boolean isEmpty() {
		return this.properties.isEmpty();
	}

	Collection<ConfigurationProperty> values() {
		return this.properties.values();
	}

	void forEach(BiConsumer<ConfigurationPropertyName, ConfigurationProperty> action) {
		this.properties.forEach(action);
	}

	/** The list that has it, or itself. */
	private static ConfigurationPropertyName list(ConfigurationPropertyName name) {
		return name.chop(firstIndex(name));
	}

	private static int firstIndex(ConfigurationPropertyName name) {
		int index = 0;
		while (index < name.getNumberOfElements() && !name.isNumericIndex(index)) {
			index++;
		}
		return index;
	}

}
