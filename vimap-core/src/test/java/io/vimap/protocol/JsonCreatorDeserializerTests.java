package io.vimap.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonBackReference;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonManagedReference;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonView;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonCreatorDeserializer}: whatever the annotations and whatever the
 * JSON, the value or the failure is Jackson's own.
 */
class JsonCreatorDeserializerTests {

	private static final List<String> DOCUMENTS = List.of("{}", "{'x':1,'y':2}", "{'y':2,'x':1}", "{'x':1}", "{'y':2}",
			"{'x':null,'y':2}", "{'x':1,'y':null}", "{'x':1,'x':3,'y':2,'y':4}", "{ 'x' : 1 , 'y' : 2 }",
			"{'x':'1','y':'2'}", "{'x':'no','y':2}", "{'x':1.5,'y':2}", "{'x':{'x':1},'y':2}", "{'x':[1],'y':2}",
			"{'x':true,'y':false}", "{'z':0,'x':1,'y':2}", "{'x':1,'z':{'x':8,'z':[{}]},'y':2}",
			"{'x':1,'y':2,'z':[1,{'x':9}]}", "{'x':1,'y':2,'Z':'z'}", "{'X':1,'Y':2}", "{'old':1,'older':3,'y':2}",
			"{'x':1,'':5,'y':2}", "{'x':1,'a name of more than twelve bytes':4,'größe':5,'y':2}", "{'x':-1,'y':2}",
			"{'x':1,'y':2,'point':{'x':3,'y':4}}", "{'point':{'x':3,'y':4,'z':5},'x':1,'y':2}",
			"{'px':3,'py':4,'x':1,'y':2,'pz':6}", "{'point':null,'points':null}",
			"{'points':[{'x':1,'y':2},{'y':4},null,{'z':1}]}", "{'points':[{'x':1,'y':2},{'x':'no'}]}", "{'points':{}}",
			"{'type':'two','x':1,'y':2}", "{'x':1,'y':2,'z':3,'type':'two'}", "{'type':'none','x':1}",
			"{'kind':'two','x':1,'point':{'x':3,'y':4}}", "{'x':1,'point':{'x':3,'y':4},'kind':'two'}",
			"{'id':1,'x':1,'other':1}", "{'id':1,'x':1,'other':{'id':2,'x':2,'other':1}}", "{'x':1,'other':7}",
			"{'parts':[{'x':1},{'x':2}],'x':3}", "[1,2]", "[]", "1", "'1'", "true", "null", "{'x':1,'y':2", "{'x':1,",
			"{'x'}", "{'x':1 'y':2}", "{x:1}", "{'x':1,'y':2]", "");

	/** Strict about the same things as the codec, and else as Jackson comes. */
	private final JsonMapper jackson = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
		.disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.build();

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	static List<Class<?>> types() {
		return List.of(Point.class, Nullables.class, Computed.class, Aliased.class, Renamed.class, Unusual.class,
				Ignoring.class, IgnoringUnknown.class, IgnoredComponent.class, ReadOnly.class, Required.class,
				Defaulting.class, Viewed.class, AnyCase.class, Row.class, Unwrapping.class, UnwrappingPrefixed.class,
				UnwrappingBean.class, Containing.class, ContainingLess.class, External.class, Any.class,
				Identified.class, Managing.class, Injected.class, Refusing.class, Kind.class, Mixed.class,
				FromFactory.class, NullFactory.class, Open.class, Delegating.class);
	}

	@ParameterizedTest
	@MethodSource("types")
	void readsAsJacksonDoes(Class<?> type) {
		ValueCodec values = this.codec.forType(type);
		for (String document : DOCUMENTS) {
			String json = document.replace('\'', '"');
			assertThat(ours(values, json)).as("%s from %s", type.getSimpleName(), json).isEqualTo(jacksons(type, json));
		}
	}

	private static String ours(ValueCodec values, String json) {
		byte[] bytes = ("_" + json).getBytes(StandardCharsets.UTF_8);
		bytes[0] = SimpleValues.JSON;
		try {
			return "" + values.decode(bytes, 0, bytes.length);
		}
		catch (Exception ex) {
			return (ex.getCause() instanceof JacksonException cause) ? failure(cause) : ex.toString();
		}
	}

	private String jacksons(Class<?> type, String json) {
		try {
			return "" + (Object) this.jackson.readValue(json.getBytes(StandardCharsets.UTF_8), type);
		}
		catch (JacksonException ex) {
			return failure(ex);
		}
	}

	private static String failure(JacksonException ex) {
		return ex.getClass().getSimpleName() + " at " + ex.getPathReference() + ": " + ex.getOriginalMessage();
	}

	@Test
	void moreThan32ComponentsComeBack() throws Exception {
		Wide value = new Wide(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
				26, 27, 28, 29, 30, 31, 32, 33);
		assertThat(AutoCodecTests.roundTrip(this.codec.prepare(Wide.class), value)).isEqualTo(value);
	}

	record Point(int x, int y) {
	}

	record Nullables(@Nullable String x, @Nullable Integer y) {
	}

	record Computed(int x, int y) {

		public int getZ() {
			return this.x + this.y;
		}

	}

	record Aliased(@JsonAlias( {
			"old", "older" }) int x, int y){
	}

	record Renamed(@JsonProperty("y") int x, @JsonProperty("x") int y) {
	}

	record Unusual(int x, @JsonProperty("größe") int y, @JsonProperty("a name of more than twelve bytes") int z,
			@JsonProperty("") int empty) {
	}

	@JsonIgnoreProperties("y")
	record Ignoring(int x, @Nullable Integer y) {
	}

	@JsonIgnoreProperties(ignoreUnknown = true)
	record IgnoringUnknown(int x, int y) {
	}

	record IgnoredComponent(int x, @JsonIgnore @Nullable Integer y) {
	}

	record ReadOnly(int x, @JsonProperty(access = JsonProperty.Access.READ_ONLY) @Nullable Integer y) {
	}

	record Required(@JsonProperty(required = true) int x, @JsonProperty(required = true) @Nullable Integer y) {
	}

	record Defaulting(@JsonSetter(nulls = Nulls.AS_EMPTY) @Nullable List<Integer> points,
			@JsonSetter(nulls = Nulls.FAIL) @Nullable Integer x) {
	}

	record Viewed(@JsonView(Point.class) int x, int y) {
	}

	@JsonFormat(with = JsonFormat.Feature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
	record AnyCase(int x, int y) {
	}

	@JsonFormat(shape = JsonFormat.Shape.ARRAY)
	record Row(int x, int y) {
	}

	record Unwrapping(int z, @JsonUnwrapped @Nullable Point point) {
	}

	record UnwrappingPrefixed(int x, @JsonUnwrapped(prefix = "p") @Nullable Point point) {
	}

	static final class UnwrappingBean {

		@JsonUnwrapped(prefix = "p")
		public @Nullable Point point;

		public int x;

		@Override
		public String toString() {
			return this.x + " " + this.point;
		}

	}

	record Containing(@Nullable Point point, @Nullable List<Point> points) {
	}

	record ContainingLess(@JsonIgnoreProperties("x") @Nullable Point point) {
	}

	record External(int x,
			@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
					property = "kind") @JsonSubTypes( {
							@JsonSubTypes.Type(value = Two.class, name = "two") }) @Nullable Kind point){
	}

	record Any(int x, @JsonAnySetter Map<String, String> rest) {
	}

	@JsonIdentityInfo(generator = ObjectIdGenerators.PropertyGenerator.class, property = "id")
	record Identified(int id, int x, @Nullable Identified other) {
	}

	static final class Managing {

		private final int x;

		@JsonManagedReference
		private final @Nullable List<Part> parts;

		@JsonCreator
		Managing(@JsonProperty("x") int x, @JsonProperty("parts") @Nullable List<Part> parts) {
			this.x = x;
			this.parts = parts;
		}

		@Override
		public String toString() {
			return this.x + " of " + this.parts;
		}

	}

	static final class Part {

		public int x;

		@JsonBackReference
		public @Nullable Managing whole;

		@Override
		public String toString() {
			return this.x + " of " + ((this.whole != null) ? this.whole.x : "none");
		}

	}

	record Injected(int x, @JacksonInject("y") int y) {
	}

	record Refusing(int x) {

		Refusing {
			if (x < 0) {
				throw new IllegalStateException("negative");
			}
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Two.class, name = "two") })
	sealed interface Kind {

	}

	record Two(int x, int y) implements Kind {
	}

	/** Has a property that is no argument. */
	static final class Mixed {

		private final int x;

		public int y;

		@JsonCreator
		Mixed(@JsonProperty("x") int x) {
			this.x = x;
		}

		@Override
		public String toString() {
			return this.x + " " + this.y;
		}

	}

	static final class FromFactory {

		private final int sum;

		private FromFactory(int sum) {
			this.sum = sum;
		}

		@JsonCreator
		static FromFactory of(@JsonProperty("x") int x, @JsonProperty("y") int y) {
			return new FromFactory(x + y);
		}

		@Override
		public String toString() {
			return "sum " + this.sum;
		}

	}

	static final class NullFactory {

		@JsonCreator
		static @Nullable NullFactory of(@JsonProperty("x") int x) {
			return null;
		}

	}

	/** Not final, so that a factory may return a subclass with more properties. */
	static class Open {

		final int x;

		Open(int x) {
			this.x = x;
		}

		@JsonCreator
		static Open of(@JsonProperty("x") int x) {
			return new OpenSubclass(x);
		}

		@Override
		public String toString() {
			return getClass().getSimpleName() + this.x;
		}

	}

	static class OpenSubclass extends Open {

		public int z;

		OpenSubclass(@JsonProperty("x") int x) {
			super(x);
		}

		@Override
		public String toString() {
			return super.toString() + this.z;
		}

	}

	record Delegating(int x, int y) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		static Delegating of(Map<String, Integer> values) {
			return new Delegating(values.getOrDefault("x", 0), values.size());
		}

	}

	record Wide(int a1, int a2, int a3, int a4, int a5, int a6, int a7, int a8, int a9, int a10, int a11, int a12,
			int a13, int a14, int a15, int a16, int a17, int a18, int a19, int a20, int a21, int a22, int a23, int a24,
			int a25, int a26, int a27, int a28, int a29, int a30, int a31, int a32, int a33) {
	}

}
