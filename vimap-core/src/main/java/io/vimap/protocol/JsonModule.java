package io.vimap.protocol;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * What Jackson does differently here: it refuses classes whose values would arrive empty
 * or have a property that does not say what to decode, and keys that would not come back,
 * keeps the order of sets, the defaults of properties and what {@link JsonTexts} says,
 * and reads and creates records faster.
 */
final class JsonModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

	/** Classes that Jackson has looked at and can make no instance of. Any thread. */
	private final transient Set<Class<?>> uncreatable = ConcurrentHashMap.newKeySet();

	JsonModule() {
		super("vimap");
		addAbstractTypeMapping(Set.class, LinkedHashSet.class);
		addSerializer(Double.class, new JsonDoubleSerializer(Double.class));
		addSerializer(double.class, new JsonDoubleSerializer(double.class));
		addSerializer(Properties.class, new PropertiesSerializer());
		JsonTexts.addTo(this);
		setSerializerModifier(new JsonKeyText.Modifier());
		setDeserializerModifier(new Modifier(this.uncreatable));
	}

	/**
	 * Finds what would fail with the first value. What is only held by another class is
	 * not meant: it may never have a value.
	 * @param declared a declared type that Jackson has a deserializer of
	 * @return the type itself, or what it is a container of, if Jackson can make no
	 * instance of that
	 */
	@Nullable JavaType uncreatable(JavaType declared) {
		if (this.uncreatable.contains(declared.getRawClass())) {
			return declared;
		}
		JavaType content = declared.getContentType();
		return (content != null) ? uncreatable(content) : null;
	}

	@Override
	public void setupModule(SetupContext context) {
		super.setupModule(context);
		context.addValueInstantiators(new ValueInstantiators.Base() {

			@Override
			public ValueInstantiator modifyValueInstantiator(DeserializationConfig config,
					BeanDescription.Supplier type, ValueInstantiator instantiator) {
				return JsonInstantiator.of(instantiator);
			}

		});
	}

	private static final class Modifier extends ValueDeserializerModifier {

		private static final long serialVersionUID = 1L;

		private final transient Set<Class<?>> uncreatable;

		Modifier(Set<Class<?>> uncreatable) {
			this.uncreatable = uncreatable;
		}

		@Override
		public BeanDeserializerBuilder updateBuilder(DeserializationConfig config, BeanDescription.Supplier type,
				BeanDeserializerBuilder builder) {
			for (Iterator<SettableBeanProperty> properties = builder.getProperties(); properties.hasNext();) {
				SettableBeanProperty property = properties.next();
				JavaType open = property.hasValueDeserializer() || property.hasValueTypeDeserializer() ? null
						: open(property.getType());
				if (open != null) {
					throw new IllegalArgumentException("its property '" + property.getName() + "' (in "
							+ type.getBeanClass().getName() + ") is declared as " + property.getType().toCanonical()
							+ ", and '" + open.toCanonical() + "' does not say which class to decode. Declare "
							+ DecodableTypes.OTHER_WAYS);
				}
			}
			if (isEmptied(type, builder)) {
				throw new IllegalArgumentException(
						type.getBeanClass().getName() + " has fields, but no property that is"
								+ " both written and read, so its values would arrive empty. Declare "
								+ DecodableTypes.OTHER_WAYS);
			}
			if (!builder.getValueInstantiator().canInstantiate() && !DecodableTypes.isExplained(type.getBeanClass())) {
				this.uncreatable.add(type.getBeanClass());
			}
			return builder;
		}

		/** Returns whether all instances would be decoded as one that is new. */
		private static boolean isEmptied(BeanDescription.Supplier type, BeanDeserializerBuilder builder) {
			ValueInstantiator instantiator = builder.getValueInstantiator();
			return !holdsAnything(type.get(), builder) && instantiator.canCreateUsingDefault()
					&& !instantiator.canCreateUsingDelegate() && !instantiator.canCreateUsingArrayDelegate()
					&& type.get().findJsonValueAccessor() == null
					&& !type.getClassInfo().hasAnnotation(JsonSerialize.class)
					&& DecodableTypes.hasState(type.getBeanClass());
		}

		/** A setter alone, as {@code java.util.Random} has one, holds nothing. */
		private static boolean holdsAnything(BeanDescription type, BeanDeserializerBuilder builder) {
			return builder.getAnySetter() != null || type.findProperties()
				.stream()
				.anyMatch((property) -> property.couldSerialize() && builder.hasProperty(property.getFullName()));
		}

		@Override
		public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier type,
				ValueDeserializer<?> deserializer) {
			return JsonCreatorDeserializer.of(deserializer);
		}

		/**
		 * Returns the part of a type that does not say what to decode, if there is one.
		 */
		private static @Nullable JavaType open(JavaType type) {
			if (type.hasHandlers()) {
				return null;
			}
			if (DecodableTypes.isOpen(type.getRawClass())) {
				return type;
			}
			JavaType open = null;
			for (int i = 0; open == null && holdsItsArguments(type) && i < type.containedTypeCount(); i++) {
				open = open(type.containedType(i));
			}
			// A raw collection contains nothing, but its content is Object
			return (open == null && type.getContentType() != null) ? open(type.getContentType()) : open;
		}

		/**
		 * Returns whether values hold values of the type's arguments, as far as that is
		 * not told by their properties, which are looked at themselves.
		 */
		private static boolean holdsItsArguments(JavaType type) {
			Class<?> raw = type.getRawClass();
			return type.isContainerType() || type.isReferenceType()
					|| raw.getName().startsWith("java.") && raw != Class.class;
		}

	}

	/** Jackson leaves out the defaults. */
	private static final class PropertiesSerializer extends StdSerializer<Properties> {

		PropertiesSerializer() {
			super(Properties.class);
		}

		@Override
		public void serialize(Properties properties, JsonGenerator generator, SerializationContext context) {
			Map<String, String> all = new LinkedHashMap<>();
			properties.stringPropertyNames().forEach((name) -> all.put(name, properties.getProperty(name)));
			// What is no text, and so no property, is put in all the same, as Jackson
			// does
			properties.forEach((name, value) -> all.putIfAbsent(String.valueOf(name), String.valueOf(value)));
			generator.writeStartObject(properties, all.size());
			all.forEach(generator::writeStringProperty);
			generator.writeEndObject();
		}

	}

}
