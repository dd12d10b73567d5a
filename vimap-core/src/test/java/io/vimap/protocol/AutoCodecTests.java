package io.vimap.protocol;

import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.vimap.protocol.CodecValues.Animal;
import io.vimap.protocol.CodecValues.Cat;
import io.vimap.protocol.CodecValues.Dog;
import io.vimap.protocol.CodecValues.Text;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AutoCodec}: what goes in comes out.
 */
class AutoCodecTests {

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	@ParameterizedTest
	@MethodSource("io.vimap.protocol.CodecValues#all")
	void valueComesBack(Type type, Object value) throws Exception {
		for (ValueCodec each : List.of(this.codec.forType(type), this.codec.prepare(type))) {
			Object copy = roundTrip(each, value);
			assertThat(withListsForArrays(copy)).isEqualTo(withListsForArrays(value));
			assertThat(roundTrip(each, null)).isNull();
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
		assertThat(roundTrip(this.codec.forType(CodecValues.typeOf("strings")), List.of(ascii)))
			.isEqualTo(List.of(ascii));
	}

	@Test
	void asciiStringTakesOneBytePerCharacter() throws Exception {
		PayloadBuffer out = new PayloadBuffer(64);
		this.codec.forType(String.class).encode("hello", out);
		assertThat(new String(out.array(), 1, out.size() - 1, StandardCharsets.US_ASCII)).isEqualTo("hello");
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

	@Test
	void derivedGettersDoNoHarm() throws Exception {
		assertThat(roundTrip(this.codec.forType(Derived.class), new Derived("a", "b")))
			.isEqualTo(new Derived("a", "b"));
	}

	@Test
	void polymorphicTypesWithTypeInfoComeBack() throws Exception {
		ValueCodec animals = this.codec.forType(Animal.class);
		assertThat(roundTrip(animals, new Dog("Rex"))).isEqualTo(new Dog("Rex"));
		assertThat(roundTrip(this.codec.forType(CodecValues.typeOf("animals")), List.of(new Dog("Rex"), new Cat(9))))
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

	record Derived(String first, String last) {

		public String getFullName() {
			return this.first + this.last;
		}

		public boolean isEmpty() {
			return false;
		}

	}

}
