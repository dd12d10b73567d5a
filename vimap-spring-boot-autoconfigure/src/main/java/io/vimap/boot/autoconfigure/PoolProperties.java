package io.vimap.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.vimap.boot.InvalidPoolException.Property;
import io.vimap.boot.child.ResolvedProperties;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;

/**
 * Finds single properties of one pool, with where they were set.
 */
final class PoolProperties {

	static final String DEFAULTS = "vimap.defaults";

	private final String prefix;

	private final Environment environment;

	private final List<ConfigurationPropertySource> sources = new ArrayList<>();

	PoolProperties(String pool, Environment environment) {
		this.prefix = "vimap.pools." + pool;
		this.environment = environment;
		ConfigurationPropertySources.get(environment).forEach(this.sources::add);
	}

	List<ConfigurationPropertySource> sources() {
		return this.sources;
	}

	/**
	 * Returns the prefix of all properties of the pool.
	 * @return the prefix without a dot at its end
	 */
	String prefix() {
		return this.prefix;
	}

	/**
	 * Finds a property that need not be one of a pool.
	 * @param name its whole name
	 * @param environment where it comes from
	 * @return the property, without a value if it is not set
	 */
	static Property any(String name, Environment environment) {
		return new PoolProperties("", environment).findExactly(name);
	}

	/**
	 * Finds a property of the pool, or else that of the defaults.
	 * @param property the name below the prefix
	 * @return the property; named as one of the pool and without a value if neither is
	 * set
	 */
	Property find(String property) {
		Property own = findExactly(this.prefix + "." + property);
		if (own.value() != null) {
			return own;
		}
		Property shared = findExactly(DEFAULTS + "." + property);
		return (shared.value() != null) ? shared : own;
	}

	/**
	 * Finds whatever is said about the pool, to point at the place.
	 * @return its first property, without a value if there is none
	 */
	Property first() {
		return firstElement(ConfigurationPropertyName.of(this.prefix));
	}

	private Property findExactly(String name) {
		ConfigurationPropertyName key = ConfigurationPropertyName.of(name);
		for (ConfigurationPropertySource source : this.sources) {
			ConfigurationProperty found = source.getConfigurationProperty(key);
			if (found != null) {
				return describe(found);
			}
		}
		return firstElement(key);
	}

	/**
	 * Tells which of two names comes first in order of precedence.
	 * @param name a single value or a list
	 * @param other another
	 * @return whether a source has the first name, and none before it has the other
	 */
	boolean isSetBefore(String name, String other) {
		for (ConfigurationPropertySource source : this.sources) {
			if (isSet(source, ConfigurationPropertyName.of(name))) {
				return true;
			}
			if (isSet(source, ConfigurationPropertyName.of(other))) {
				return false;
			}
		}
		return false;
	}

	private static boolean isSet(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		return source.getConfigurationProperty(name) != null
				|| source.getConfigurationProperty(name.append("[0]")) != null;
	}

	/** A list or a map has no value of its own: point at its first element. */
	private Property firstElement(ConfigurationPropertyName key) {
		for (ConfigurationPropertySource source : this.sources) {
			FlatProperties elements = FlatProperties.below(List.of(source), key);
			if (!elements.isEmpty()) {
				ConfigurationProperty first = elements.values().iterator().next();
				return describe(first);
			}
		}
		return new Property(key.toString(), null, null);
	}

	Property describe(ConfigurationProperty found) {
		return new Property(UnquotedOn.asWritten(found.getName()).toString(), resolve(found.getValue()),
				found.getOrigin());
	}

	Object resolve(Object value) {
		return (value instanceof CharSequence text) ? ResolvedProperties.resolve(text.toString(), this.environment)
				: value;
	}

}
