package io.vimap.protocol;

import java.io.File;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
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
			WithWildcard.class, WithNested.class, WithNumber.class, BeanWithObject.class, WithArray.class,
			WithBox.class, WithOptional.class })
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

	@ParameterizedTest
	@ValueSource(classes = { Opaque.class, WithOpaque.class, WriteOnly.class, Random.class, BitSet.class,
			CompletableFuture.class })
	void classOfWhichNothingWouldArriveIsRefused(Class<?> type) {
		Type declared = (type == CompletableFuture.class) ? GenericTypes.parameterized(type, String.class) : type;
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.prepare(declared))
			.withMessageContaining("'" + declared.getTypeName() + "'")
			.withMessageContaining("would arrive empty. Declare ");
	}

	@Test
	void classWithoutPropertiesThatLosesNothingComesBack() throws Exception {
		for (Object value : List.of(new Nothing(), new Written(3))) {
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(value.getClass()), value)).isEqualTo(value);
		}
	}

	@Test
	void propertyWithTypeInfoComesBack() throws Exception {
		for (Object value : List.of(new Typed(new Point(1, 2)), new Typed(new Named("n")))) {
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(Typed.class), value)).isEqualTo(value);
		}
	}

	@Test
	void typeArgumentsThatNoValueHasNeedNotSayWhatToDecode() throws Exception {
		Kinds kinds = new Kinds(String.class, Thread.class, List.of(int.class, Point.class), new Id<>(7));
		assertThat(AutoCodecTests.roundTrip(this.codec.prepare(Kinds.class), kinds)).isEqualTo(kinds);
		Type any = Kinds.class.getRecordComponents()[0].getGenericType();
		assertThat(AutoCodecTests.roundTrip(this.codec.prepare(any), Point.class)).isEqualTo(Point.class);
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
	void relativePathsComeBackRelative() throws Exception {
		Path inJar = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("/modules/java.base");
		for (String name : List.of("a/b c", "", "/ä", "c:d", "..", "e ")) {
			Path path = Path.of(name);
			Places places = new Places(path, path.toFile(), List.of(path, inJar));
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(Places.class), places)).isEqualTo(places);
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(Path.class), path)).isEqualTo(path);
			assertThat(AutoCodecTests.roundTrip(this.codec.prepare(File.class), path.toFile()))
				.isEqualTo(path.toFile());
		}
	}

	@Test
	void patternsKeepTheirFlags() throws Exception {
		for (Pattern pattern : List.of(Pattern.compile("a:b", Pattern.CASE_INSENSITIVE | Pattern.LITERAL),
				Pattern.compile("a "), Pattern.compile(""))) {
			Pattern copy = (Pattern) AutoCodecTests.roundTrip(this.codec.prepare(Pattern.class), pattern);
			assertThat(copy.pattern()).isEqualTo(pattern.pattern());
			assertThat(copy.flags()).isEqualTo(pattern.flags());
		}
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

	static class Opaque implements Serializable {

		private int count;

		void increment() {
			this.count++;
		}

	}

	static class WriteOnly {

		private int count;

		public void setCount(int count) {
			this.count = count;
		}

		int increment() {
			return ++this.count;
		}

	}

	record WithOpaque(List<Opaque> counts) {
	}

	static class Nothing {

		@JsonIgnore
		private final Object lock = new Object();

		private transient int hits;

		@Override
		public boolean equals(Object other) {
			return other instanceof Nothing && ++this.hits > 0 && this.lock != null;
		}

		@Override
		public int hashCode() {
			return 0;
		}

	}

	static class Written {

		private int number;

		Written() {
		}

		@JsonCreator
		Written(int number) {
			this.number = number;
		}

		@JsonValue
		int number() {
			return this.number;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Written written && written.number == this.number;
		}

		@Override
		public int hashCode() {
			return this.number;
		}

	}

	record Kinds(Class<?> any, Class<? extends Runnable> some, List<Class<?>> more, Id<?> id) {
	}

	/** A value that says in its type only whose it is. */
	record Id<T>(long number) {
	}

	record Box<T>(T open) {
	}

	record WithBox(Box<?> box) {
	}

	record WithOptional(Map.Entry<String, Optional<?>> open) {
	}

	record Places(Path path, File file, List<Path> paths) {
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

	@SuppressWarnings("unused")
	static class Types {

		Set<String> strings = Set.of();

		Map<Point, String> recordKeys = Map.of();

		static Type strings() {
			return type("strings");
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
