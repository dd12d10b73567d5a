package io.vimap.protocol;

import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonFormat.Shape;
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
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsonFormatVisitors.JsonFormatVisitorWrapper;

/**
 * Makes the codecs for declared types that travel as JSON. Only the classes of this room
 * whose names begin with Json touch Jackson, and a child loads none of them before it has
 * need of one.
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

	private static final byte[] NULL = { 'n', 'u', 'l', 'l' };

	private final JsonModule module = new JsonModule();

	private final JsonMapper mapper;

	private final Spares<JsonOutput> outputs = new Spares<>();

	private final Spares<JsonInput> inputs = new Spares<>();

	JsonTypes(ClassLoader classLoader) {
		JsonFactory factory = JsonFactory.builder()
			.recyclerPool(JsonRecyclerPools.nonRecyclingPool())
			.rootValueSeparator("")
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
			.disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.enable(MapperFeature.ALLOW_FINAL_FIELDS_AS_MUTATORS, MapperFeature.USE_GETTERS_AS_SETTERS,
					MapperFeature.INFER_RECORD_GETTERS_FROM_COMPONENTS_ONLY)
			// No view is ever active, and with this Jackson need not look for one
			.enable(MapperFeature.DEFAULT_VIEW_INCLUSION)
			.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE, DateTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID,
					DateTimeFeature.WRITE_DATES_WITH_CONTEXT_TIME_ZONE)
			.enable(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.addModule(this.module)
			// Reading text takes the JDK two to three times as long
			.withConfigOverride(Instant.class,
					(override) -> override.setFormat(JsonFormat.Value.forShape(Shape.NUMBER)))
			.withConfigOverride(LocalDate.class,
					(override) -> override.setFormat(JsonFormat.Value.forShape(Shape.ARRAY)))
			.withConfigOverride(LocalTime.class,
					(override) -> override.setFormat(JsonFormat.Value.forShape(Shape.ARRAY)))
			.withConfigOverride(LocalDateTime.class,
					(override) -> override.setFormat(JsonFormat.Value.forShape(Shape.ARRAY)))
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
			ObjectWriter writer = this.mapper.writerFor(type);
			ObjectReader reader = this.mapper.readerFor(type);
			// Jackson keeps to itself what it finds wrong with a type until it is used
			writer.acceptJsonFormatVisitor(type, new JsonFormatVisitorWrapper.Base());
			reader.readValue(NULL);
			JavaType uncreatable = this.module.uncreatable(type);
			if (uncreatable != null) {
				throw DecodableTypes.refused(declared, "'" + uncreatable.toCanonical()
						+ "' has no constructor that Jackson can call. Give it one without parameters, or one with a"
						+ " parameter for each property, annotated with @JsonCreator; or declare "
						+ DecodableTypes.OTHER_WAYS + ".", null);
			}
			return new JsonValueCodec(type, writer, reader, this);
		}
		catch (JacksonException ex) {
			throw DecodableTypes.refused(declared, ex.getOriginalMessage(), ex);
		}
	}

	JsonOutput takeOutput() {
		JsonOutput spare = this.outputs.take();
		return (spare != null) ? spare : new JsonOutput(this.mapper.writer());
	}

	void giveBack(JsonOutput output) {
		this.outputs.give(output);
	}

	JsonInput takeInput() {
		JsonInput spare = this.inputs.take();
		return (spare != null) ? spare : new JsonInput(this.mapper.reader());
	}

	void giveBack(JsonInput input) {
		this.inputs.give(input);
	}

}
