package io.vimap.protocol;

import java.io.File;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.BeanDeserializerBuilder;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.module.SimpleModule;

/**
 * What Jackson does differently here: it refuses classes whose values would arrive empty
 * or have a property that does not say what to decode, keeps the order of sets, relative
 * paths and the flags of patterns, and reads and creates records faster.
 */
final class JsonModule extends SimpleModule {

	private static final long serialVersionUID = 1L;

	JsonModule() {
		super("vimap");
		addAbstractTypeMapping(Set.class, LinkedHashSet.class);
		addSerializer(Double.class, new JsonDoubleSerializer(Double.class));
		addSerializer(double.class, new JsonDoubleSerializer(double.class));
		new PathText().addTo(this);
		new FileText().addTo(this);
		new PatternText().addTo(this);
		setDeserializerModifier(new Modifier());
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
				throw new IllegalArgumentException(type.getBeanClass().getName()
						+ " has fields, but no property to read from JSON, so its values would arrive empty. Declare "
						+ DecodableTypes.OTHER_WAYS);
			}
			return builder;
		}

		/** Returns whether all instances would be decoded as one that is new. */
		private static boolean isEmptied(BeanDescription.Supplier type, BeanDeserializerBuilder builder) {
			ValueInstantiator instantiator = builder.getValueInstantiator();
			return !builder.getProperties().hasNext() && builder.getAnySetter() == null
					&& instantiator.canCreateUsingDefault() && !instantiator.canCreateUsingDelegate()
					&& !instantiator.canCreateUsingArrayDelegate() && type.get().findJsonValueAccessor() == null
					&& !type.getClassInfo().hasAnnotation(JsonSerialize.class)
					&& DecodableTypes.hasState(type.getBeanClass());
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
			for (int i = 0; open == null && i < type.containedTypeCount(); i++) {
				open = open(type.containedType(i));
			}
			// A raw collection contains nothing, but its content is Object
			return (open == null && type.getContentType() != null) ? open(type.getContentType()) : open;
		}

	}

	/** Jackson makes relative paths absolute. */
	private static final class PathText extends JsonText<Path> {

		/** No URI begins so. */
		private static final String HERE = ":";

		PathText() {
			super(Path.class);
		}

		@Override
		String write(Path path) {
			return (path.getFileSystem() == FileSystems.getDefault()) ? HERE + path : path.toUri().toString();
		}

		@Override
		Path read(String text) {
			return text.startsWith(HERE) ? Path.of(text.substring(HERE.length())) : Path.of(URI.create(text));
		}

	}

	/** And relative files. */
	private static final class FileText extends JsonText<File> {

		/** So that the text of the empty file is not empty. */
		private static final String MARK = ":";

		FileText() {
			super(File.class);
		}

		@Override
		String write(File file) {
			return MARK + file.getPath();
		}

		@Override
		File read(String text) {
			return new File(text.substring(MARK.length()));
		}

	}

	/** Jackson forgets the flags. */
	private static final class PatternText extends JsonText<Pattern> {

		private static final char END_OF_FLAGS = ':';

		PatternText() {
			super(Pattern.class);
		}

		@Override
		String write(Pattern pattern) {
			return pattern.flags() + String.valueOf(END_OF_FLAGS) + pattern.pattern();
		}

		@Override
		Pattern read(String text) {
			int end = text.indexOf(END_OF_FLAGS);
			return Pattern.compile(text.substring(end + 1), Integer.parseInt(text, 0, end, 10));
		}

	}

}
