package io.vimap.boot.autoconfigure;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.vimap.boot.InvalidPoolException;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Refuses what binding would pass over without a word. A property that means nothing:
 * most likely a name is mistyped, and what it should have set would be missing. Variables
 * of the operating system and system properties may say what they like, as everywhere in
 * Spring Boot. And a number with a fraction, of which a whole number would be made.
 */
final class BindingCheck {

	private final List<BindingMistake> mistakes;

	BindingCheck(Environment environment) {
		Set<ConfigurationProperty> fractions = new LinkedHashSet<>();
		Set<ConfigurationProperty> unbound = findUnbound(Binder.get(environment), new FractionsBindHandler(fractions));
		this.mistakes = Stream
			.concat(fractions.stream().map(BindingMistake::fraction),
					unbound.stream()
						.map((property) -> effective(property, environment))
						.map(BindingMistake::unbound)
						.flatMap(Optional::stream))
			.toList();
	}

	/** An empty variable of the operating system hides what a file says. */
	private static ConfigurationProperty effective(ConfigurationProperty property, Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(property.getName());
			if (found != null) {
				return found;
			}
		}
		return property;
	}

	private static Set<ConfigurationProperty> findUnbound(Binder binder, FractionsBindHandler fractions) {
		try {
			binder.bind(BindingMistake.ROOT, Bindable.of(VimapProperties.class), new SectionsBindHandler(
					new NoUnboundElementsBindHandler(fractions, new UnboundElementsSourceFilter())));
			return Set.of();
		}
		catch (BindException ex) {
			// A value that can't be converted is reported where it is bound in earnest.
			return (ex.getCause() instanceof UnboundConfigurationPropertiesException unknown)
					? unknown.getUnboundProperties() : Set.of();
		}
	}

	/**
	 * Checks the properties that are meant for one pool or for all.
	 * @param pool the pool's name
	 * @param origins describes its properties
	 * @throws InvalidPoolException if one means nothing or is no whole number but should
	 * be
	 */
	void check(String pool, PoolProperties origins) {
		this.mistakes.stream().filter((mistake) -> mistake.concerns(pool)).findFirst().ifPresent((mistake) -> {
			throw new InvalidPoolException(pool, mistake.problem(), mistake.action(),
					origins.describe(mistake.property()), null);
		});
	}

	/**
	 * Checks the properties of an application without pools: that it has none may be
	 * because of them.
	 * @throws InvalidConfigurationPropertyValueException if one means nothing
	 */
	void checkWithoutPools() {
		this.mistakes.stream().filter(BindingMistake::concernsNoPool).findFirst().ifPresent((mistake) -> {
			throw new InvalidConfigurationPropertyValueException(mistake.property().getName().toString(),
					mistake.property().getValue(), StringUtils.capitalize(mistake.problem()) + " " + mistake.action());
		});
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
