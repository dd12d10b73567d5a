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
import org.springframework.boot.context.properties.bind.BindHandler;
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
 * Spring Boot. A value of what has properties of its own. And a number with a fraction,
 * of which a whole number would be made.
 */
final class BindingCheck {

	private static final UnboundElementsSourceFilter FILTER = new UnboundElementsSourceFilter();

	private final List<BindingMistake> mistakes;

	BindingCheck(Environment environment) {
		PassedOverBindHandler passedOver = new PassedOverBindHandler();
		Set<ConfigurationProperty> unbound = findUnbound(Binder.get(environment), passedOver);
		this.mistakes = Stream
			.concat(passedOver.fractions.stream().map(BindingMistake::fraction),
					Stream.concat(passedOver.values.stream(), unbound.stream())
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

	private static Set<ConfigurationProperty> findUnbound(Binder binder, BindHandler handler) {
		try {
			binder.bind(BindingMistake.ROOT, Bindable.of(VimapProperties.class),
					new SectionsBindHandler(new NoUnboundElementsBindHandler(handler, FILTER)));
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

	private static final class PassedOverBindHandler extends AbstractBindHandler {

		/** Text is refused by the conversion itself; YAML has numbers, too. */
		private final Set<ConfigurationProperty> fractions = new LinkedHashSet<>();

		/** Values of what is bound by properties below it. */
		private final Set<ConfigurationProperty> values = new LinkedHashSet<>();

		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			if (SectionsBindHandler.isSection(target.getType().toClass())) {
				for (ConfigurationPropertySource source : context.getSources()) {
					ConfigurationProperty value = FILTER.apply(source) ? source.getConfigurationProperty(name) : null;
					if (value != null) {
						this.values.add(value);
					}
				}
			}
			return target;
		}

		@Override
		public Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Object result) {
			ConfigurationProperty property = context.getConfigurationProperty();
			if (property != null && result instanceof Integer whole && property.getValue() instanceof Number number
					&& number.doubleValue() != whole) {
				this.fractions.add(property);
			}
			return result;
		}

	}

}
