package io.vimap.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * Binds what has properties of its own, as a pool has, by nothing but these. A key of
 * YAML below which all is left out has an empty text for a value, and that would be what
 * is bound: in place of the properties that another file or a variable sets.
 */
final class SectionsBindHandler extends AbstractBindHandler {

	SectionsBindHandler(BindHandler parent) {
		super(parent);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		return super.onStart(name, isSection(target.getType().toClass()) ? withoutValue(target) : target, context);
	}

	/**
	 * Tells whether a type has properties.
	 * @param type the type of a property
	 * @return whether it is one of those that hold the properties of pools
	 */
	static boolean isSection(Class<?> type) {
		return PoolSettings.class.isAssignableFrom(type) || type.getEnclosingClass() == PoolSettings.class
				|| type == VimapProperties.class;
	}

	/**
	 * Says that something is bound by its properties only.
	 * @param target what to bind
	 * @param <T> its type
	 * @return the same without a value of its own
	 */
	static <T> Bindable<T> withoutValue(Bindable<T> target) {
		return target.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY);
	}

}
