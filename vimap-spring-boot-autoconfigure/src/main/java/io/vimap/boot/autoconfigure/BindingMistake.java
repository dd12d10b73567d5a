package io.vimap.boot.autoconfigure;

import java.beans.PropertyDescriptor;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * What is wrong with a property that binding passes over, and what to do about it.
 *
 * @param property the property
 * @param problem a sentence that begins with a small letter
 * @param action whole sentences
 */
record BindingMistake(ConfigurationProperty property, String problem, String action) {

	static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("vimap");

	static final ConfigurationPropertyName POOLS = ROOT.append("pools");

	static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");

	/** What is wrong with its content is found when it is made into init args. */
	private static final String WORKERS = "workers";

	/**
	 * Explains a number of which a whole one was made.
	 * @param property the property
	 * @return what is wrong with it
	 */
	static BindingMistake fraction(ConfigurationProperty property) {
		return new BindingMistake(property, "the value of '" + property.getName() + "' is not a whole number.",
				"Set it to a whole number, such as 4.");
	}

	/**
	 * Explains a property that was bound to nothing.
	 * @param property the property
	 * @return what is wrong with it, empty if somebody else says so
	 */
	static Optional<BindingMistake> unbound(ConfigurationProperty property) {
		ConfigurationPropertyName name = UnquotedOn.asWritten(property.getName());
		return POOLS.isAncestorOf(name)
				? unbound(property, name, VimapProperties.Pool.class, POOLS.getNumberOfElements() + 1)
				: unbound(property, name, VimapProperties.class, ROOT.getNumberOfElements());
	}

	/** From there on the name is that of a property of the type. */
	private static Optional<BindingMistake> unbound(ConfigurationProperty property, ConfigurationPropertyName name,
			Class<?> type, int at) {
		if (at == name.getNumberOfElements()) {
			return "".equals(property.getValue()) ? Optional.empty() : Optional.of(new BindingMistake(property,
					"'" + name.getLastElement(Form.DASHED) + "' has properties, but no value of its own.",
					"Set a property below '" + name + "': " + String.join(", ", properties(type).keySet()) + "."));
		}
		String element = name.getElement(at, Form.DASHED);
		Map<String, Class<?>> known = properties(type);
		Class<?> found = known.get(element);
		if (found == null) {
			return Optional.of(new BindingMistake(property,
					"there is no property '" + name.subName(at) + "' in '" + name.chop(at) + "'.",
					advise(element, known)));
		}
		if (SectionsBindHandler.isSection(found)) {
			return unbound(property, name, found, at + 1);
		}
		if (element.equals(WORKERS)) {
			return Optional.empty();
		}
		if (at + 1 == name.getNumberOfElements()) {
			return Optional.of(new BindingMistake(property, "'" + element + "' is empty.",
					"Give '" + name + "' a value, or remove it."));
		}
		String kind = Collection.class.isAssignableFrom(found) ? "a list" : "a single value";
		return Optional.of(new BindingMistake(property,
				"'" + element + "' is " + kind + ", but '" + name.subName(at + 1) + "' is set below it.",
				"Set '" + name.chop(at + 1) + "' to " + kind + "."));
	}

	private static String advise(String element, Map<String, Class<?>> known) {
		return SimilarNames.closest(element, known.keySet())
			.map((similar) -> "Did you mean '" + similar + "'? Correct the name or remove the property.")
			.orElse("Correct the name or remove the property. There are: " + String.join(", ", known.keySet()) + ".");
	}

	private static Map<String, Class<?>> properties(Class<?> type) {
		Map<String, Class<?>> properties = new TreeMap<>();
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			if (property.getReadMethod() != null && !property.getName().equals("class")) {
				properties.put(DataObjectPropertyName.toDashedForm(property.getName()), property.getPropertyType());
			}
		}
		return properties;
	}

	/**
	 * Tells whether it is a pool's own property or one of all pools.
	 * @param pool the pool's name
	 * @return whether the pool is concerned
	 */
	boolean concerns(String pool) {
		ConfigurationPropertyName name = this.property.getName();
		ConfigurationPropertyName own = POOLS.append(pool);
		return own.equals(name) || own.isAncestorOf(name) || !POOLS.isAncestorOf(name);
	}

	/**
	 * Tells whether it matters although there is no pool.
	 * @return whether it is neither of a pool nor a default for pools
	 */
	boolean concernsNoPool() {
		return !POOLS.isAncestorOf(this.property.getName()) && !DEFAULTS.isAncestorOf(this.property.getName());
	}

}
