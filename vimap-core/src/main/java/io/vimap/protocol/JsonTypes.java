package io.vimap.protocol;

import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Makes the codecs for declared types that travel as JSON. This class and
 * {@link JsonValueCodec} are the only ones that touch Jackson, and nobody loads them
 * before the first such value.
 * <p>
 * Jackson is configured so that a value comes back equal: dates keep their zone, enums go
 * by name, final fields with a getter are set, sets keep their order, and neither a
 * string nor a number is too long. Properties that can be written but not read (a getter
 * that computes something) are ignored when decoding: both sides have the same classes,
 * so nothing else can be unknown.
 */
final class JsonTypes {

	/**
	 * Both sides have it, so that what is too deep is refused where it is encoded. Twice
	 * as much may overflow the stack of a thread that runs interpreted.
	 */
	static final int MAX_DEPTH = 500;

	/** Reading a number takes time that grows faster than its length. */
	private static final int MAX_DIGITS = 100_000;

	private final JsonMapper mapper;

	JsonTypes(ClassLoader classLoader) {
		JsonFactory factory = JsonFactory.builder()
			.recyclerPool(JsonRecyclerPools.threadLocalPool())
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(MAX_DEPTH)
				.maxStringLength(Integer.MAX_VALUE)
				.maxNameLength(Integer.MAX_VALUE)
				.maxNumberLength(MAX_DIGITS)
				.build())
			.streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
			.disable(JsonFactory.Feature.CHARSET_DETECTION)
			.enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER, StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
			.enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
			.build();
		JsonMapper.Builder builder = JsonMapper.builder(factory);
		this.mapper = builder.typeFactory(builder.typeFactory().withClassLoader(classLoader))
			.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS, MapperFeature.USE_GETTERS_AS_SETTERS,
					MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
			.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID,
					DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.addModule(new SimpleModule("vimap").addAbstractTypeMapping(Set.class, LinkedHashSet.class))
			.build();
	}

	/**
	 * Returns a new codec for one declared type.
	 * @param declared the type
	 * @return the codec
	 * @throws IllegalArgumentException if Jackson cannot read and write the type
	 */
	ValueCodec codec(Type declared) {
		try {
			JavaType type = this.mapper.constructType(declared);
			return new JsonValueCodec(type, this.mapper.writerFor(type), this.mapper.readerFor(type));
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(
					"The type '" + declared.getTypeName()
							+ "' cannot be used for values that travel between processes: " + ex.getOriginalMessage(),
					ex);
		}
	}

}
