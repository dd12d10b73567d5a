package io.vimap.protocol;

import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Looks for names in init args that nothing takes, as a misspelt one: Jackson leaves them
 * out without a word. Where annotations may have them taken, all are known.
 */
final class JsonNames {

	private final JsonMapper mapper;

	private final String whose;

	JsonNames(JsonMapper mapper, String whose) {
		this.mapper = mapper;
		this.whose = whose;
	}

	/**
	 * Checks a value, and what is in it.
	 * @param value the value
	 * @param type what it will be bound to
	 * @param path where it is, empty for the init args themselves
	 */
	void check(JsonNode value, JavaType type, String path) {
		if (type.isContainerType()) {
			value.propertyStream()
				.forEach((each) -> check(each.getValue(), type.getContentType(), path + each.getKey() + "."));
			if (value.isArray()) {
				value.forEach((element) -> check(element, type.getContentType(), path));
			}
			return;
		}
		boolean special = type.getRawClass().getName().startsWith("java.") || type.isTypeOrSubTypeOf(JsonNode.class);
		Map<String, JavaType> known = (value.isObject() && !special) ? known(type) : null;
		if (known != null) {
			value.propertyStream().forEach((each) -> {
				JavaType place = known.get(each.getKey());
				if (place == null) {
					throw new IllegalArgumentException("The init args of " + this.whose + " have '" + path
							+ each.getKey() + "', which " + type.getRawClass().getName() + " has no place for. It has "
							+ known.keySet() + ".");
				}
				check(each.getValue(), place, path + each.getKey() + ".");
			});
		}
	}

	/** Returns what a type takes, {@code null} if that is not certain. */
	private @Nullable Map<String, JavaType> known(JavaType type) {
		ClassIntrospector introspector = this.mapper.deserializationConfig().classIntrospectorInstance();
		AnnotatedClass annotated = introspector.introspectClassAnnotations(type);
		BeanDescription description = introspector.introspectForDeserialization(type, annotated);
		if (description.findAnySetterAccessor() != null || annotated.hasAnnotation(JsonIgnoreProperties.class)
				|| annotated.hasAnnotation(JsonDeserialize.class) || annotated.hasAnnotation(JsonTypeInfo.class)
				|| isDelegating(description)) {
			return null;
		}
		Map<String, JavaType> known = new TreeMap<>();
		for (BeanPropertyDefinition property : description.findProperties()) {
			if (property.getPrimaryMember() != null && property.getPrimaryMember().hasAnnotation(JsonUnwrapped.class)) {
				return null;
			}
			known.put(property.getName(), property.getPrimaryType());
			property.findAliases().forEach((alias) -> known.put(alias.getSimpleName(), property.getPrimaryType()));
		}
		return known.isEmpty() ? null : known;
	}

	/** Returns whether a creator takes all as one value. */
	private static boolean isDelegating(BeanDescription description) {
		return description.getConstructorsWithMode()
			.stream()
			.anyMatch((creator) -> creator.metadata == JsonCreator.Mode.DELEGATING)
				|| description.getFactoryMethodsWithMode()
					.stream()
					.anyMatch((creator) -> creator.metadata == JsonCreator.Mode.DELEGATING);
	}

}
