package io.vimap.boot.autoconfigure;

import java.beans.PropertyDescriptor;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.vimap.boot.InvalidPoolException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.PropertyMatches;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Refuses properties that mean nothing: most likely a name is mistyped, and what it
 * should have set would be missing without a word. Variables of the operating system and
 * system properties may say what they like, as everywhere in Spring Boot.
 */
final class PropertyNameCheck {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("vimap");

	private static final ConfigurationPropertyName POOLS = ROOT.append("pools");

	private static final ConfigurationPropertyName DEFAULTS = ROOT.append("defaults");

	private final Set<ConfigurationProperty> unbound;

	PropertyNameCheck(Environment environment) {
		this.unbound = findUnbound(Binder.get(environment));
	}

	private static Set<ConfigurationProperty> findUnbound(Binder binder) {
		try {
			binder.bind(ROOT, Bindable.of(VimapProperties.class),
					new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
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
	 * @throws InvalidPoolException if there is one that means nothing
	 */
	void check(String pool, PoolProperties origins) {
		for (ConfigurationProperty property : this.unbound) {
			ConfigurationPropertyName name = property.getName();
			boolean ofOnePool = POOLS.isAncestorOf(name);
			if (!ofOnePool || POOLS.append(pool).isAncestorOf(name)) {
				int known = ofOnePool ? POOLS.getNumberOfElements() + 1
						: (DEFAULTS.isAncestorOf(name) ? DEFAULTS : ROOT).getNumberOfElements();
				Class<?> type = ofOnePool ? VimapProperties.Pool.class
						: DEFAULTS.isAncestorOf(name) ? PoolSettings.class : VimapProperties.class;
				throw new InvalidPoolException(pool,
						"there is no property '" + name.subName(known) + "' in '" + name.chop(known) + "'.",
						suggestion(type, name, known), origins.describe(property), null);
			}
		}
	}

	private static String suggestion(Class<?> type, ConfigurationPropertyName name, int at) {
		String element = name.getElement(at, Form.DASHED);
		PropertyDescriptor descriptor = find(type, element);
		if (descriptor != null && at + 1 < name.getNumberOfElements()) {
			return suggestion(descriptor.getPropertyType(), name, at + 1);
		}
		String[] matches = PropertyMatches.forProperty(camelCase(element), type).getPossibleMatches();
		if (matches.length > 0) {
			return "Did you mean " + Arrays.stream(matches)
				.map((match) -> "'" + DataObjectPropertyName.toDashedForm(match) + "'")
				.collect(Collectors.joining(" or ")) + "? Correct the name or remove the property.";
		}
		List<String> names = Arrays.stream(BeanUtils.getPropertyDescriptors(type))
			.filter((property) -> property.getReadMethod() != null && !property.getName().equals("class"))
			.map((property) -> DataObjectPropertyName.toDashedForm(property.getName()))
			.toList();
		return "Correct the name or remove the property. There are: " + String.join(", ", names) + ".";
	}

	private static @Nullable PropertyDescriptor find(Class<?> type, String element) {
		return BeanUtils.getPropertyDescriptor(type, camelCase(element));
	}

	private static String camelCase(String dashed) {
		return StringUtils.uncapitalize(Arrays.stream(StringUtils.delimitedListToStringArray(dashed, "-"))
			.map(StringUtils::capitalize)
			.collect(Collectors.joining()));
	}

}
