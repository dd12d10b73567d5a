package io.vimap.protocol;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIdentityInfo;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.ObjectIdGenerators;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonSerialize;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.ser.std.StdSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link JsonValueCodec}: what is particular to Jackson.
 */
class JsonValueCodecTests {

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	@ParameterizedTest
	@ValueSource(classes = { WithObject.class, WithObjects.class, WithMap.class, WithRaw.class, WithInterface.class,
			WithWildcard.class, WithNested.class, WithNumber.class, BeanWithObject.class, WithArray.class })
	void propertiesThatDoNotSayWhatToDecodeAreRefused(Class<?> type) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.prepare(type))
			.withMessageContaining("'" + type.getName() + "'")
			.withMessageContaining("'open'")
			.withMessageContaining("Declare ");
		ValueCodec deferred = this.codec.forType(type);
		assertThatIllegalArgumentException().isThrownBy(() -> deferred.encode("x", new PayloadBuffer(16)));
	}

	@Test
	void classWithoutCreatorIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.prepare(Types.recordKeys()))
			.withMessageContaining(Point.class.getName())
			.withMessageContaining("Key deserializer");
	}

	@Test
	void propertyWithTypeInfoComesBack() throws Exception {
		for (Object value : List.of(new Typed(new Point(1, 2)), new Typed(new Named("n")))) {
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(Typed.class), value)).isEqualTo(value);
		}
	}

	@Test
	void annotationsAreHeeded() throws Exception {
		for (Object value : List.of(new Renamed(1), Code.of("x"), new Custom(7), new Varied("a", "b"),
				new Factory(3))) {
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(value.getClass()), value)).isEqualTo(value);
		}
	}

	@Test
	void treesComeBack() throws Exception {
		JsonNode tree = JsonNodeFactory.instance.objectNode()
			.put("a", 1)
			.putNull("b")
			.set("c", JsonNodeFactory.instance.arrayNode().add("x"));
		assertThat(AutoCodecTests.roundTrip(this.codec.prepare(JsonNode.class), tree)).isEqualTo(tree);
	}

	@Test
	void setsKeepTheirOrder() throws Exception {
		List<String> names = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			names.add("name " + i * 7919 % 100);
		}
		Object copy = AutoCodecTests.roundTrip(this.codec.prepare(Types.strings()), new LinkedHashSet<>(names));
		assertThat((Set<?>) copy).containsExactlyElementsOf((Iterable) names);
	}

	@Test
	void subtypeOfDeclaredClassWithTypeInfoComesBack() throws Exception {
		assertThat(AutoCodecTests.roundTrip(this.codec.forType(Base.class), new Derived())).isInstanceOf(Derived.class);
	}

	@Test
	void identitiesOfOneValueDoNotLeakIntoTheNext() throws Exception {
		ValueCodec nodes = this.codec.prepare(Identified.class);
		Identified shared = Identified.named("shared");
		for (int i = 0; i < 3; i++) {
			Identified copy = (Identified) AutoCodecTests.roundTrip(nodes, shared);
			assertThat(copy).isNotSameAs(shared);
			assertThat(copy.name).isEqualTo("shared");
		}
		Identified cyclic = Identified.named("cyclic");
		cyclic.next = cyclic;
		Identified copy = (Identified) AutoCodecTests.roundTrip(nodes, cyclic);
		assertThat(copy.next).isSameAs(copy);
	}

	@Test
	void failureDoesNotDisturbTheNextValue() throws Exception {
		ValueCodec points = this.codec.prepare(Point.class);
		ValueCodec failing = this.codec.prepare(FailsWhenNegative.class);
		byte[] broken = " {\"x\":1,\"y\":[[[".getBytes();
		broken[0] = SimpleValues.JSON;
		for (int i = 0; i < 50; i++) {
			int negative = -1 - i;
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> failing.encode(new FailsWhenNegative(5, negative), new PayloadBuffer(16)))
				.withMessageContaining("negative")
				.withMessageContaining("\"second\"");
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> points.decode(broken, 0, broken.length));
			PayloadBuffer small = new PayloadBuffer(16);
			small.limitTo(10);
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> points.encode(new Point(123456, 123456), small));
			assertThat(AutoCodecTests.roundTrip(points, new Point(i, -i))).isEqualTo(new Point(i, -i));
		}
	}

	@Test
	void lyingExtraBytesAreRefused() {
		ValueCodec points = this.codec.prepare(Point.class);
		for (String tail : List.of("{\"x\":1,\"y\":2}{\"x\":1,\"y\":2}", "{\"x\":1,\"y\":2} ", "{\"x\":1,\"y\":2}]",
				"{\"x\":1,\"y\":2}" + " ".repeat(20_000))) {
			byte[] bytes = (" " + tail).getBytes();
			bytes[0] = SimpleValues.JSON;
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> points.decode(bytes, 0, bytes.length))
				.withMessageContaining("left");
		}
	}

	@Test
	void serializerThatLeavesItsArrayOpenDoesNotDisturbTheNextValue() throws Exception {
		ValueCodec sloppy = this.codec.prepare(Sloppy.class);
		PayloadBuffer out = new PayloadBuffer(16);
		sloppy.encode(new Sloppy(), out);
		assertThat(new String(out.array(), 1, out.size() - 1)).isEqualTo("[1]");
		ValueCodec points = this.codec.prepare(Point.class);
		assertThat(AutoCodecTests.roundTrip(points, new Point(1, 2))).isEqualTo(new Point(1, 2));
	}

	@Test
	void codecIsUsedWithinItself() throws Exception {
		ValueCodec reentrant = this.codec.prepare(Reentrant.class);
		assertThat(AutoCodecTests.roundTrip(reentrant, new Reentrant(5))).isEqualTo(new Reentrant(5));
	}

	@Test
	void manyThreadsShareIt() throws Exception {
		ValueCodec points = this.codec.forType(Types.points());
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Callable<Boolean>> jobs = Collections.nCopies(16, () -> {
				for (int i = 0; i < 2000; i++) {
					List<Point> value = List.of(new Point(i, (int) Thread.currentThread().getId()), new Point(-i, i));
					if (!value.equals(AutoCodecTests.roundTrip(points, value))) {
						return false;
					}
				}
				return true;
			});
			for (Future<Boolean> each : threads.invokeAll(jobs)) {
				assertThat(each.get()).isTrue();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	record Point(int x, int y) {
	}

	record Named(String name) {
	}

	record WithObject(int x, Object open) {
	}

	record WithObjects(List<Object> open) {
	}

	record WithMap(Map<String, Object> open) {
	}

	@SuppressWarnings("rawtypes")
	record WithRaw(List open) {
	}

	record WithInterface(Runnable open) {
	}

	record WithWildcard(Map<String, ? extends Set<?>> open) {
	}

	record WithNested(List<WithObject> inner) {
	}

	record WithNumber(Number open) {
	}

	record WithArray(Object[][] open) {
	}

	static class BeanWithObject {

		public @Nullable Object open;

	}

	record Typed(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Record record) {
	}

	record Renamed(@JsonProperty("y") int x) {
	}

	record Code(@JsonValue String code) {

		@JsonCreator
		static Code of(String code) {
			return new Code(code);
		}

	}

	record Factory(int value) {

		@JsonCreator
		static Factory create(@JsonProperty("value") int value) {
			return new Factory(value);
		}

	}

	record Varied(String... names) {

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Varied varied && java.util.Arrays.equals(this.names, varied.names);
		}

		@Override
		public int hashCode() {
			return 0;
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	static class Base {

	}

	static class Derived extends Base {

		public int value = 1;

	}

	@JsonIdentityInfo(generator = ObjectIdGenerators.IntSequenceGenerator.class)
	static class Identified {

		public String name = "";

		public @Nullable Identified next;

		static Identified named(String name) {
			Identified identified = new Identified();
			identified.name = name;
			return identified;
		}

	}

	record FailsWhenNegative(int first, int second) {

		@Override
		public int second() {
			if (this.second < 0) {
				throw new IllegalStateException("negative");
			}
			return this.second;
		}

	}

	@JsonSerialize(using = CustomSerializer.class)
	@JsonDeserialize(using = CustomDeserializer.class)
	record Custom(int value) {
	}

	static class CustomSerializer extends StdSerializer<Custom> {

		CustomSerializer() {
			super(Custom.class);
		}

		@Override
		public void serialize(Custom value, JsonGenerator generator, SerializationContext context) {
			generator.writeNumber(value.value());
		}

	}

	static class CustomDeserializer extends StdDeserializer<Custom> {

		CustomDeserializer() {
			super(Custom.class);
		}

		@Override
		public Custom deserialize(JsonParser parser, DeserializationContext context) {
			return new Custom(parser.getIntValue());
		}

	}

	@JsonSerialize(using = SloppySerializer.class)
	static class Sloppy {

	}

	static class SloppySerializer extends StdSerializer<Sloppy> {

		SloppySerializer() {
			super(Sloppy.class);
		}

		@Override
		public void serialize(Sloppy value, JsonGenerator generator, SerializationContext context) {
			generator.writeStartArray();
			generator.writeNumber(1);
		}

	}

	record Reentrant(int value) {

		private static final ValueCodec POINTS = new AutoCodec().prepare(Point.class);

		Reentrant {
			send(value);
		}

		@Override
		public int value() {
			return send(this.value);
		}

		private static int send(int value) {
			try {
				return ((Point) AutoCodecTests.roundTrip(POINTS, new Point(value, 1))).x();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	@SuppressWarnings("unused")
	static class Types {

		Set<String> strings = Set.of();

		List<Point> points = List.of();

		Map<Point, String> recordKeys = Map.of();

		static Type strings() {
			return type("strings");
		}

		static Type points() {
			return type("points");
		}

		static Type recordKeys() {
			return type("recordKeys");
		}

		private static Type type(String field) {
			try {
				return Types.class.getDeclaredField(field).getGenericType();
			}
			catch (NoSuchFieldException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
