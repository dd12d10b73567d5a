package io.vimap.protocol;

import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link AutoCodec}: what goes in comes out.
 */
class AutoCodecTests {

	private static final String LONE_SURROGATES = "a\uD800b\uDC00\uDC00\uD83D";

	private final AutoCodec codec = new AutoCodec(AutoCodecTests.class.getClassLoader());

	static Stream<Arguments> values() {
		return Stream.of(simpleValues(), dateTimes(), structures(), new Types().values()).flatMap((each) -> each);
	}

	static Stream<Arguments> simpleValues() {
		return Stream
			.<Object>of(true, false, Byte.MIN_VALUE, Byte.MAX_VALUE, Short.MIN_VALUE, Short.MAX_VALUE, 'x', '\0',
					'\uFFFF', '\uD800', 0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0L, Long.MIN_VALUE, Long.MAX_VALUE,
					0f, -0f, Float.NaN, Float.MIN_VALUE, Float.NEGATIVE_INFINITY, 0d, -0d, Double.NaN, Double.MIN_VALUE,
					Double.POSITIVE_INFINITY, Math.PI, "", "ASCII", "Grüße\u00FF", "漢字 \u0100", "😀 smile",
					"\0\u007F\u0080\u07FF\u0800\uFFFF", LONE_SURROGATES, "\uDC00", "x\uD83D", new byte[0],
					new byte[] { 1, -1, 0 }, new boolean[] { true, false }, new boolean[0],
					new short[] { Short.MIN_VALUE, 1 }, new char[] { 'a', '\uD800' },
					new int[] { Integer.MIN_VALUE, 1 }, new int[0], new long[] { Long.MIN_VALUE, 1 },
					new float[] { -0f, Float.NaN }, new double[] { -0d, Double.NaN, Math.E })
			.map((value) -> arguments(value.getClass(), value));
	}

	static Stream<Arguments> dateTimes() {
		ZonedDateTime paris = ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 123456789, ZoneId.of("Europe/Paris"));
		return Stream
			.<Object>of(Instant.ofEpochSecond(-1, 999999999), Instant.EPOCH, Instant.MIN, Instant.MAX, LocalDate.MAX,
					LocalDate.MIN, LocalDateTime.of(2024, 2, 29, 0, 0, 0, 1), LocalDateTime.of(2024, 2, 29, 0, 0),
					LocalDateTime.MIN, LocalTime.MAX, LocalTime.of(1, 2, 3, 4_000_000), LocalTime.MIDNIGHT,
					new Times(Instant.EPOCH, LocalTime.NOON, LocalDate.EPOCH),
					OffsetDateTime.parse("2024-01-01T00:00:00+05:30"), paris, paris.withLaterOffsetAtOverlap(),
					paris.withZoneSameLocal(ZoneId.of("Z")), Duration.ofNanos(-1), Duration.ofDays(400),
					Period.of(1, -2, 3), DayOfWeek.FRIDAY, new java.util.Date(1))
			.map((value) -> arguments(value.getClass(), value));
	}

	static Stream<Arguments> structures() {
		Point point = new Point(1, -2);
		Bean bean = new Bean("n", List.of(1, 2));
		return Stream
			.<Object>of(point,
					new Everything(Integer.MAX_VALUE, Long.MIN_VALUE, -0d, Float.NaN, Double.NEGATIVE_INFINITY, 'x',
							true, "é\"\\\n\0", null, new BigDecimal("1.10"), Optional.of("x"), Color.RED,
							List.of(point), UUID.nameUUIDFromBytes(new byte[0]), Instant.ofEpochSecond(1, 1)),
					new Text("😀"), new Text(LONE_SURROGATES), new Text("x".repeat(10_000) + LONE_SURROGATES),
					new Empty(), bean, Color.GREEN, new BigDecimal("1E+3"), new BigDecimal("-0.000"),
					new BigInteger("-" + "9".repeat(5000)), UUID.randomUUID(), URI.create("http://example.org/ä?b=c#d"),
					Locale.GERMANY, OptionalInt.of(3), OptionalInt.empty(), new Circle(1.5),
					new Node(1, new Node(2, null)))
			.map((value) -> arguments(
					(value instanceof Enum<?> constant) ? constant.getDeclaringClass() : value.getClass(), value));
	}

	@ParameterizedTest
	@MethodSource("values")
	void valueComesBack(Type type, Object value) throws Exception {
		for (ValueCodec each : List.of(this.codec.forType(type), this.codec.prepare(type))) {
			Object copy = roundTrip(each, value);
			assertThat(withListsForArrays(copy)).isEqualTo(withListsForArrays(value));
			assertThat(roundTrip(each, null)).isNull();
		}
	}

	@ParameterizedTest
	@MethodSource("values")
	void bytesCutOffOrLeftOverAreRefused(Type type, Object value) throws Exception {
		ValueCodec each = this.codec.forType(type);
		PayloadBuffer out = new PayloadBuffer(64);
		each.encode(value, out);
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> each.decode(out.array(), 0, 0));
		byte[] wrongTag = Arrays.copyOf(out.array(), out.size());
		for (int tag : new int[] { 12 + 9, 31, 34, 64, 127, 128, 255, SimpleValues.SERIALIZED }) {
			wrongTag[0] = (byte) tag;
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> each.decode(wrongTag, 0, wrongTag.length))
				.withMessageContaining("tag " + tag)
				.withMessageContaining("declared type");
		}
		if (out.array()[0] == SimpleValues.JSON) {
			out.writeByte(']');
			assertThatExceptionOfType(ProtocolException.class)
				.isThrownBy(() -> each.decode(out.array(), 0, out.size()));
		}
	}

	@Test
	void strayByteAfterFixedWidthValueIsRefused() throws Exception {
		for (Object value : List.of(true, (byte) 1, (short) 1, 'c', 1, 1L, 1f, 1d, new int[1], new long[1],
				new char[1])) {
			ValueCodec each = this.codec.forType(value.getClass());
			PayloadBuffer out = new PayloadBuffer(64);
			each.encode(value, out);
			out.writeByte(0);
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> each.decode(out.array(), 0, out.size()))
				.withMessageContaining(value.getClass().getTypeName());
		}
	}

	@Test
	void tenMegabyteStringsComeBack() throws Exception {
		String ascii = "0123456789".repeat(1024 * 1024);
		String wide = "012345678\u0416".repeat(1024 * 1024);
		for (String text : List.of(ascii, wide)) {
			assertThat(roundTrip(this.codec.forType(String.class), text)).isEqualTo(text);
			assertThat(roundTrip(this.codec.forType(Text.class), new Text(text))).isEqualTo(new Text(text));
		}
		assertThat(roundTrip(this.codec.forType(Types.strings()), List.of(ascii))).isEqualTo(List.of(ascii));
	}

	@Test
	void asciiStringTakesOneBytePerCharacter() throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		this.codec.forType(String.class).encode("hello", out);
		assertThat(new String(out.array(), 1, out.size() - 1, StandardCharsets.US_ASCII)).isEqualTo("hello");
	}

	@Test
	void whatIsTooDeepIsRefusedWhereItIsEncoded() throws Exception {
		ValueCodec nodes = this.codec.forType(Node.class);
		assertThat(roundTrip(nodes, Node.chain(300))).isEqualTo(Node.chain(300));
		assertThat(roundTrip(nodes, Node.chain(500))).isNotNull();
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> roundTrip(nodes, Node.chain(5000)))
			.withMessageContaining(Node.class.getName());
	}

	@Test
	void errorNamesTypeAndPath() {
		ValueCodec failing = this.codec.forType(Failing.class);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(failing, new Failing(List.of(new Bad()))))
			.withMessageContaining(Failing.class.getName())
			.withMessageContaining("bads")
			.withMessageContaining("[0]")
			.withMessageContaining("cannot compute");
		ValueCodec points = this.codec.forType(Types.listOf(Point.class));
		byte[] json = " [{\"x\":1,\"y\":\"bad\"}]".getBytes(StandardCharsets.US_ASCII);
		json[0] = SimpleValues.JSON;
		assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> points.decode(json, 0, json.length))
			.withMessageContaining("java.util.List<" + Point.class.getName() + ">")
			.withMessageContaining("[0]")
			.withMessageContaining("y");
	}

	@Test
	void valueOfAnotherClassIsRefused() {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(this.codec.forType(Integer.class), "text"))
			.withMessageContaining("java.lang.String")
			.withMessageContaining("java.lang.Integer");
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(this.codec.forType(Point.class), "text"))
			.withMessageContaining("java.lang.String")
			.withMessageContaining(Point.class.getName());
	}

	@Test
	void valueOfSubclassThatWouldBeCutDownIsRefused() {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(this.codec.forType(Bean.class), new SpecialBean()))
			.withMessageContaining(SpecialBean.class.getName())
			.withMessageContaining(Bean.class.getName());
	}

	@Test
	void voidHasOnlyNull() throws Exception {
		for (Type type : List.of(Void.class, void.class)) {
			ValueCodec nothing = this.codec.forType(type);
			assertThat(roundTrip(nothing, null)).isNull();
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> roundTrip(nothing, 1));
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> nothing.decode(new byte[] { 1 }, 0, 1));
		}
	}

	@Test
	void primitiveHasNoNull() throws Exception {
		assertThat(roundTrip(this.codec.forType(int.class), 5)).isEqualTo(5);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> roundTrip(this.codec.forType(int.class), null));
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.codec.forType(int.class).decode(new byte[] { 0 }, 0, 1));
	}

	@Test
	void boundOfTheBufferIsReportedAsSuch() {
		for (Object value : List.of("x".repeat(100_000), new int[100_000], new Text("x".repeat(100_000)))) {
			PayloadBuffer out = new PayloadBuffer(64);
			out.limitTo(50_000);
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> this.codec.forType(value.getClass()).encode(value, out));
		}
	}

	@Test
	void derivedGettersDoNoHarm() throws Exception {
		assertThat(roundTrip(this.codec.forType(Derived.class), new Derived("a", "b")))
			.isEqualTo(new Derived("a", "b"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "rawList", "rawMap", "object", "objects", "anything", "anyNumber", "variable", "variables",
			"shape", "shapes", "number", "runnable", "rawOptional", "map", "array", "inner" })
	void typesThatDoNotSayWhatToDecodeAreRefused(String field) throws Exception {
		Type type = Refused.class.getDeclaredField(field).getGenericType();
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.codec.forType(type))
			.withMessageContaining("'" + type.getTypeName() + "'")
			.withMessageContaining("Declare ");
	}

	@Test
	void polymorphicTypesWithTypeInfoComeBack() throws Exception {
		ValueCodec animals = this.codec.forType(Animal.class);
		assertThat(roundTrip(animals, new Dog("Rex"))).isEqualTo(new Dog("Rex"));
		assertThat(roundTrip(this.codec.forType(Types.listOf(Animal.class)), List.of(new Dog("Rex"), new Cat(9))))
			.isEqualTo(List.of(new Dog("Rex"), new Cat(9)));
	}

	/** Arrays have no equals of their own. */
	private static @Nullable Object withListsForArrays(@Nullable Object value) {
		if (value instanceof Map<?, ?> map) {
			Map<Object, Object> copy = new HashMap<>();
			map.forEach((key, each) -> copy.put(key, withListsForArrays(each)));
			return copy;
		}
		if (value instanceof List<?> list) {
			return list.stream().map(AutoCodecTests::withListsForArrays).toList();
		}
		if (value == null || !value.getClass().isArray()) {
			return value;
		}
		List<@Nullable Object> copy = new ArrayList<>(List.of(value.getClass().getComponentType()));
		for (int i = 0; i < Array.getLength(value); i++) {
			copy.add(withListsForArrays(Array.get(value, i)));
		}
		return copy;
	}

	static @Nullable Object roundTrip(ValueCodec codec, @Nullable Object value) throws Exception {
		PayloadBuffer out = new PayloadBuffer(16);
		out.writeLong(-1);
		codec.encode(value, out);
		int size = out.size();
		out.writeLong(-1);
		return codec.decode(out.array(), 8, size - 8);
	}

	enum Color {

		RED, GREEN {
			@Override
			public String toString() {
				return "red";
			}
		}

	}

	record Point(int x, int y) {
	}

	private record Text(@Nullable String text) {
	}

	record Empty() {
	}

	record Circle(double radius) {
	}

	record Node(int value, @Nullable Node next) {

		static @Nullable Node chain(int length) {
			Node node = null;
			for (int i = 0; i < length; i++) {
				node = new Node(i, node);
			}
			return node;
		}

	}

	record Everything(int i, long l, double d, float f, Double boxed, char c, boolean z, String s,
			@Nullable String none, BigDecimal decimal, Optional<String> optional, Color color, List<Point> points,
			UUID id, Instant instant) {
	}

	record Times(Instant instant, LocalTime time, LocalDate date) {
	}

	record Derived(String first, String last) {

		public String getFullName() {
			return this.first + this.last;
		}

		public boolean isEmpty() {
			return false;
		}

	}

	static class Bean {

		private final List<Integer> numbers = new ArrayList<>();

		private String name = "";

		Bean() {
		}

		Bean(String name, List<Integer> numbers) {
			this.name = name;
			this.numbers.addAll(numbers);
		}

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

		public List<Integer> getNumbers() {
			return this.numbers;
		}

		public int getCount() {
			return this.numbers.size();
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Bean bean && this.name.equals(bean.name) && this.numbers.equals(bean.numbers);
		}

		@Override
		public int hashCode() {
			return this.name.hashCode();
		}

	}

	static class SpecialBean extends Bean {

		public int extra = 1;

	}

	record Failing(List<Bad> bads) {
	}

	static class Bad {

		public int getValue() {
			throw new IllegalStateException("cannot compute");
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(Dog.class), @JsonSubTypes.Type(Cat.class) })
	interface Animal {

	}

	record Dog(String name) implements Animal {
	}

	record Cat(int lives) implements Animal {
	}

	interface Shape {

	}

	@SuppressWarnings({ "rawtypes", "unused" })
	static class Refused<T> {

		List rawList;

		Map rawMap;

		Optional rawOptional;

		Object object;

		List<Object> objects;

		List<?> anything;

		List<? extends Number> anyNumber;

		T variable;

		Map<String, List<T>> variables;

		Shape shape;

		Set<Shape> shapes;

		Number number;

		Runnable runnable;

		Map<String, Object> map;

		Object[] array;

		Inner inner;

		class Inner {

		}

	}

	/** Values of generic types, each in a field that declares its type. */
	@SuppressWarnings("unused")
	static class Types {

		List<String> strings = Arrays.asList("a", null, "");

		List<Integer> listOfIntegers = List.of(1, 2, 3);

		List<List<Long>> nested = List.of(List.of(), List.of(1L, Long.MAX_VALUE));

		Set<String> set = new LinkedHashSet<>(List.of("z", "a", "m"));

		Collection<Point> collection = new ArrayList<>(List.of(new Point(1, 2)));

		Map<String, Point> map = new LinkedHashMap<>(Map.of("", new Point(0, 0)));

		Map<Integer, List<Double>> integerKeys = new HashMap<>(Map.of(-1, List.of(-0d, Double.NaN)));

		Map<Color, Boolean> enumMap = new EnumMap<>(Map.of(Color.GREEN, true));

		Map<LocalDate, String> dateKeys = new HashMap<>(Map.of(LocalDate.EPOCH, "x"));

		Map<UUID, String> idKeys = new HashMap<>(Map.of(new UUID(1, 2), "x"));

		Map<String, String> oddKeys = new HashMap<>(Map.of("\uD83D\uDE00", LONE_SURROGATES, "", "", "\"\\\n", "é"));

		SortedMap<Long, byte[]> sorted = new TreeMap<>(Map.of(1L, new byte[] { 1, -1 }));

		EnumSet<TimeUnit> enumSet = EnumSet.allOf(TimeUnit.class);

		Optional<Point> optional = Optional.of(new Point(1, 2));

		Optional<String> empty = Optional.empty();

		Point[] array = { new Point(1, 2), new Point(3, 4) };

		String[] stringArray = { "a", null };

		int[][] matrix = { { 1 }, {}, { 2, 3 } };

		List<String>[] arrayOfLists = arrayOf(List.of("a"), List.of());

		Map.Entry<String, Integer> entry = Map.entry("a", 1);

		Pair<List<Integer>, Map<String, Point>> pair = new Pair<>(List.of(1), Map.of("p", new Point(1, 1)));

		List<Map<String, Pair<Integer, String>>> deep = List.of(Map.of("k", new Pair<>(1, "v")));

		List<byte[]> binary = List.of(new byte[] { 1 }, new byte[0]);

		@SafeVarargs
		private static <T> T[] arrayOf(T... elements) {
			return elements;
		}

		Stream<Arguments> values() {
			return Arrays.stream(Types.class.getDeclaredFields()).map((field) -> {
				try {
					return arguments(field.getGenericType(), field.get(this));
				}
				catch (IllegalAccessException ex) {
					throw new IllegalStateException(ex);
				}
			});
		}

		static Type strings() throws NoSuchFieldException {
			return Types.class.getDeclaredField("strings").getGenericType();
		}

		static Type listOf(Class<?> element) {
			return GenericTypes.argumentsOf((element == Point.class) ? Points.class : Animals.class,
					Comparable.class)[0];
		}

	}

	record Pair<A, B>(A first, B second) {
	}

	abstract static class Points implements Comparable<List<Point>> {

	}

	abstract static class Animals implements Comparable<List<Animal>> {

	}

	@Test
	void sizesAroundTheGrowthOfTheBuffer() throws Exception {
		for (int length : IntStream.rangeClosed(0, 70).toArray()) {
			for (String unit : List.of("a", "é", "Ж", "漢", "\uD800", "😀")) {
				String text = unit.repeat(length);
				assertThat(roundTrip(this.codec.forType(String.class), text)).isEqualTo(text);
			}
		}
	}

}
