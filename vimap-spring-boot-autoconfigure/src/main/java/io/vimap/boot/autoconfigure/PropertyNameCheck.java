package io.vimap.boot.autoconfigure;

import java.beans.PropertyDescriptor;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.vimap.boot.InvalidPoolException;

import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Refuses what binding would pass over without a word. A property that means nothing:
 * most likely a name is mistyped, and what it should have set would be missing. Variables
 * of the operating system and system properties may say what they like, as everywhere in
 * Spring Boot. And a number with a fraction, of which a whole number would be made.
 */
final class PropertyNameCheck {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("vimap");

	private static final ConfigurationPropertyName POOLS = ROOT.append("pools");

	private static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");

	/** What is wrong with its content is found when it is made into init args. */
	private static final String WORKERS = "workers";

	private final Set<ConfigurationProperty> unbound;

	private final Set<ConfigurationProperty> fractions = new LinkedHashSet<>();

	PropertyNameCheck(Environment environment) {
		this.unbound = findUnbound(Binder.get(environment));
	}

	private Set<ConfigurationProperty> findUnbound(Binder binder) {
		try {
			binder.bind(ROOT, Bindable.of(VimapProperties.class), new NoUnboundElementsBindHandler(
					new FractionsBindHandler(this.fractions), new UnboundElementsSourceFilter()));
			return Set.of();
		}
		catch (BindException ex) {
			// A value that can't be converted is reported where it is bound in earnest.
			return (ex.getCause() instanceof UnboundConfigurationPropertiesException unknown)
					? unknown.getUnboundProperties() : Set.of();
		}
	}

	/**
	 * Checks the names of properties that are meant for one pool or for all.
	 * @param pool the pool's name
	 * @param origins describes its properties
	 * @throws InvalidPoolException if one means nothing or is no whole number but should
	 * be
	 */
	void check(String pool, PoolProperties origins) {
		for (ConfigurationProperty property : this.fractions) {
			ConfigurationPropertyName name = property.getName();
			if (POOLS.append(pool).isAncestorOf(name) || DEFAULTS.isAncestorOf(name)) {
				throw new InvalidPoolException(pool, "the value of '" + name + "' is not a whole number.",
						"Set it to a whole number, such as 4.", origins.describe(property), null);
			}
		}
		for (ConfigurationProperty property : this.unbound) {
			ConfigurationPropertyName name = property.getName();
			if (POOLS.append(pool).isAncestorOf(name)) {
				check(pool, origins, property, VimapProperties.Pool.class, POOLS.getNumberOfElements() + 1);
			}
			else if (DEFAULTS.isAncestorOf(name)) {
				check(pool, origins, property, PoolSettings.class, DEFAULTS.getNumberOfElements());
			}
			else if (!POOLS.isAncestorOf(name)) {
				check(pool, origins, property, VimapProperties.class, ROOT.getNumberOfElements());
			}
		}
	}

	/**
	 * Checks the names of properties of an application without pools: that it has none
	 * may be because of them.
	 * @throws InvalidConfigurationPropertyValueException if one means nothing
	 */
	void checkWithoutPools() {
		int at = ROOT.getNumberOfElements();
		Map<String, Class<?>> known = properties(VimapProperties.class);
		for (ConfigurationProperty property : this.unbound) {
			ConfigurationPropertyName name = property.getName();
			String element = name.getElement(at, Form.DASHED);
			if (!known.containsKey(element)) {
				throw new InvalidConfigurationPropertyValueException(name.toString(), property.getValue(),
						"There is no property '" + name.subName(at) + "' in '" + ROOT + "'. " + advise(element, known));
			}
		}
	}

	private static void check(String pool, PoolProperties origins, ConfigurationProperty property, Class<?> type,
			int at) {
		ConfigurationPropertyName name = property.getName();
		String element = name.getElement(at, Form.DASHED);
		Map<String, Class<?>> known = properties(type);
		Class<?> found = known.get(element);
		if (found != null && found.getEnclosingClass() == PoolSettings.class && at + 1 < name.getNumberOfElements()) {
			check(pool, origins, property, found, at + 1);
		}
		else if (found == null) {
			throw new InvalidPoolException(pool,
					"there is no property '" + name.subName(at) + "' in '" + name.chop(at) + "'.",
					advise(element, known), origins.describe(property), null);
		}
		else if (!element.equals(WORKERS)) {
			String kind = Collection.class.isAssignableFrom(found) ? "a list" : "a single value";
			throw new InvalidPoolException(pool,
					"'" + element + "' is " + kind + ", but '" + name.subName(at + 1) + "' is set below it.",
					"Set '" + name.chop(at + 1) + "' to " + kind + ".", origins.describe(property), null);
		}
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

	/** Text is refused by the conversion itself; YAML has numbers, too. */
	private static final class FractionsBindHandler extends AbstractBindHandler {

		private final Set<ConfigurationProperty> found;

		private FractionsBindHandler(Set<ConfigurationProperty> found) {
			this.found = found;
		}

		@Override
		public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Object result) {
			ConfigurationProperty property = context.getConfigurationProperty();
			if (property != null && result instanceof Integer whole && property.getValue() instanceof Number number
					&& number.doubleValue() != whole) {
				this.found.add(property);
			}
			return result;
		}

	}

}
