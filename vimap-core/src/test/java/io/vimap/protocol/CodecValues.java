package io.vimap.protocol;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
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
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.Arguments;

import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Values that must come back as they were sent, and their types.
 */
final class CodecValues {

	private static final String LONE_SURROGATES = "a\uD800b\uDC00\uDC00\uD83D";

	private CodecValues() {
	}

	/**
	 * All values, each with its declared type.
	 * @return type and value
	 */
	static Stream<Arguments> all() {
		return Stream.of(simpleValues(), dateTimes(), structures(), ofGenericTypes()).flatMap((each) -> each);
	}

	private static Stream<Arguments> simpleValues() {
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

	private static Stream<Arguments> dateTimes() {
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

	private static Stream<Arguments> structures() {
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

	private static Stream<Arguments> ofGenericTypes() {
		Declared values = new Declared();
		return Arrays.stream(Declared.class.getDeclaredFields()).map((field) -> {
			try {
				return arguments(field.getGenericType(), field.get(values));
			}
			catch (IllegalAccessException ex) {
				throw new IllegalStateException(ex);
			}
		});
	}

	/**
	 * Returns a generic type.
	 * @param field the field of {@link Declared} that declares it
	 * @return its type
	 */
	static Type typeOf(String field) throws NoSuchFieldException {
		return Declared.class.getDeclaredField(field).getGenericType();
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

	record Text(@Nullable String text) {
	}

	record Empty() {
	}

	private record Circle(double radius) {
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

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes({ @JsonSubTypes.Type(Dog.class), @JsonSubTypes.Type(Cat.class) })
	interface Animal {

	}

	record Dog(String name) implements Animal {
	}

	record Cat(int lives) implements Animal {
	}

	/** Values of generic types, each in a field that declares its type. */
	@SuppressWarnings("unused")
	static class Declared {

		List<String> strings = Arrays.asList("a", null, "");

		List<Point> points = List.of(new Point(1, 2));

		List<Animal> animals = List.of(new Dog("Rex"), new Cat(9));

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

	}

	record Pair<A, B>(A first, B second) {
	}

}
