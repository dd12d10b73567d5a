package io.vimap.protocol;

import java.lang.reflect.Modifier;

import tools.jackson.core.JsonParser;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializer;
import tools.jackson.databind.deser.bean.PropertyBasedCreator;
import tools.jackson.databind.deser.bean.PropertyValueBuffer;
import tools.jackson.databind.util.NameTransformer;

/**
 * Reads a record, or another final class all of whose properties are arguments of its
 * creator, by the parts of Jackson's own deserializer. But it lets the parser match the
 * names of properties, as Jackson does only for classes with setters, instead of looking
 * each up in a map, and does not ask with each value whether the class is a record, which
 * is a native call. What is more than properties and creator is left to Jackson's.
 */
final class JsonCreatorDeserializer extends BeanDeserializer {

	/** Written once, by {@link #resolve}, before the first value is read. */
	private boolean argumentsOnly;

	private JsonCreatorDeserializer(BeanDeserializer source) {
		super(source);
	}

	/**
	 * Returns a deserializer that does the same as Jackson's.
	 * @param source Jackson's, which is not resolved yet
	 * @return a faster one, or {@code source} if there is none
	 */
	static ValueDeserializer<?> of(ValueDeserializer<?> source) {
		// Elsewhere a creator may return a subclass, and Jackson sets its properties
		boolean exact = source.handledType() != null && Modifier.isFinal(source.handledType().getModifiers());
		return (exact && source.getClass() == BeanDeserializer.class)
				? new JsonCreatorDeserializer((BeanDeserializer) source) : source;
	}

	@Override
	public void resolve(DeserializationContext context) {
		super.resolve(context);
		this.argumentsOnly = hasArgumentsOnly();
	}

	private boolean hasArgumentsOnly() {
		PropertyBasedCreator creator = this._propertyBasedCreator;
		if (creator == null || creator.hasManagedReferenceProperties() || this._delegateDeserializer != null
				|| this._objectIdReader != null || this._anySetter != null || this._injectables != null
				|| this._unwrappedPropertyHandler != null || this._externalTypeIdHandler != null
				|| this._ignorableProps != null || this._includableProps != null || this._needViewProcesing) {
			return false;
		}
		for (SettableBeanProperty property : this._beanProperties) {
			if (creator.findCreatorProperty(property.getName()) != property || property.isInjectionOnly()) {
				return false;
			}
		}
		return true;
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		if (!this.argumentsOnly || !parser.isExpectedStartObjectToken()) {
			return super.deserialize(parser, context);
		}
		PropertyBasedCreator creator = this._propertyBasedCreator;
		PropertyValueBuffer arguments = creator.startBuilding(parser, context, null);
		int match = parser.nextNameMatch(this._propNameMatcher);
		while (match >= 0 || match == PropertyNameMatcher.MATCH_UNKNOWN_NAME) {
			// An alias may be known to the creator only
			SettableBeanProperty property = (match >= 0) ? this._propsByIndex[match]
					: creator.findCreatorProperty(parser.currentName());
			parser.nextToken();
			if (property != null) {
				arguments.assignParameter(property, _deserializeWithErrorWrapping(parser, context, property));
			}
			else {
				handleUnknownProperty(parser, context, handledType(), parser.currentName());
			}
			match = parser.nextNameMatch(this._propNameMatcher);
		}
		Object value;
		try {
			value = creator.build(context, arguments);
		}
		catch (Exception ex) {
			return wrapInstantiationProblem(context, ex);
		}
		parser.assignCurrentValue(value);
		return value;
	}

	@Override
	public ValueDeserializer<Object> unwrappingDeserializer(DeserializationContext context,
			NameTransformer transformer) {
		// A copy is one of Jackson's, which refuses to unwrap a subclass
		return withIgnoreAllUnknown(this._ignoreAllUnknown).unwrappingDeserializer(context, transformer);
	}

}
