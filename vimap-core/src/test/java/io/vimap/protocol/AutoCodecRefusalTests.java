package io.vimap.protocol;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.vimap.protocol.CodecValues.Bean;
import io.vimap.protocol.CodecValues.Node;
import io.vimap.protocol.CodecValues.Point;
import io.vimap.protocol.CodecValues.Text;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AutoCodec}: what could not come back as it was sent is refused.
 */
class AutoCodecRefusalTests {

	private final AutoCodec codec = new AutoCodec(getClass().getClassLoader());

	@ParameterizedTest
	@MethodSource("io.vimap.protocol.CodecValues#all")
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
	void whatIsTooDeepIsRefusedWhereItIsEncoded() throws Exception {
		ValueCodec nodes = this.codec.forType(Node.class);
		assertThat(AutoCodecTests.roundTrip(nodes, Node.chain(300))).isEqualTo(Node.chain(300));
		assertThat(AutoCodecTests.roundTrip(nodes, Node.chain(500))).isNotNull();
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(nodes, Node.chain(5000)))
			.withMessageContaining(Node.class.getName());
	}

	@Test
	void whatContainsItselfIsRefusedInFewWords() {
		Parent parent = new Parent(new ArrayList<>());
		parent.children().add(new Child(parent));
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec.forType(Parent.class), parent))
			.withMessageContaining("[\"children\"]->")
			.withMessageContaining("[\"parent\"]->")
			.satisfies((refusal) -> assertThat(refusal.getMessage()).hasSizeLessThan(1000));
	}

	@Test
	void errorNamesTypeAndPath() throws Exception {
		ValueCodec failing = this.codec.forType(Failing.class);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(failing, new Failing(List.of(new Bad()))))
			.withMessageContaining(Failing.class.getName())
			.withMessageContaining("bads")
			.withMessageContaining("[0]")
			.withMessageContaining("cannot compute");
		ValueCodec points = this.codec.forType(CodecValues.typeOf("points"));
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
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec.forType(Integer.class), "text"))
			.withMessageContaining("java.lang.String")
			.withMessageContaining("java.lang.Integer");
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec.forType(Point.class), "text"))
			.withMessageContaining("java.lang.String")
			.withMessageContaining(Point.class.getName());
	}

	@Test
	void valueOfSubclassThatWouldBeCutDownIsRefused() {
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec.forType(Bean.class), new SpecialBean()))
			.withMessageContaining(SpecialBean.class.getName())
			.withMessageContaining(Bean.class.getName());
	}

	@Test
	void voidHasOnlyNull() throws Exception {
		for (Type type : List.of(Void.class, void.class)) {
			ValueCodec nothing = this.codec.forType(type);
			assertThat(AutoCodecTests.roundTrip(nothing, null)).isNull();
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> AutoCodecTests.roundTrip(nothing, 1));
			assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> nothing.decode(new byte[] { 1 }, 0, 1));
		}
	}

	@Test
	void primitiveHasNoNull() throws Exception {
		assertThat(AutoCodecTests.roundTrip(this.codec.forType(int.class), 5)).isEqualTo(5);
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> AutoCodecTests.roundTrip(this.codec.forType(int.class), null));
		assertThatExceptionOfType(ProtocolException.class)
			.isThrownBy(() -> this.codec.forType(int.class).decode(new byte[] { 0 }, 0, 1));
	}

	@Test
	void boundOfTheBufferIsReportedAsSuch() {
		for (Object value : List.of("x".repeat(100_000), new int[100_000], new Text("x".repeat(100_000)))) {
			PayloadBuffer out = new PayloadBuffer(64);
			out.limitTo(50_000, null);
			assertThatExceptionOfType(PayloadTooLargeException.class)
				.isThrownBy(() -> this.codec.forType(value.getClass()).encode(value, out));
		}
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

	@ParameterizedTest
	@ValueSource(strings = { "single", "several", "named" })
	void typesThatNobodyCanMakeAreRefusedBeforeThereIsAValue(String field) throws Exception {
		Type type = Unmakeable.class.getDeclaredField(field).getGenericType();
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> this.codec.prepare(type))
			.withMessageContaining("'" + Unmakeable.class.getName() + "' has no constructor")
			.withMessageContaining("@JsonCreator");
	}

	/** Whether there will ever be a value of it is not known. */
	@Test
	void whatHoldsSomethingThatNobodyCanMakeIsNotRefused() throws Exception {
		ValueCodec holders = this.codec.prepare(Holder.class);
		PayloadBuffer out = new PayloadBuffer(64);
		holders.encode(new Holder(1, null), out);
		assertThat(holders.decode(out.array(), 0, out.length())).isEqualTo(new Holder(1, null));
	}

	record Holder(int number, Unmakeable part) {
	}

	static class Unmakeable {

		static Unmakeable single = new Unmakeable(1, 2);

		static List<Unmakeable> several = List.of();

		static Map<String, Unmakeable[]> named = Map.of();

		public final int sum;

		Unmakeable(int one, int other) {
			this(one, other, 0);
		}

		Unmakeable(int one, int other, int third) {
			this.sum = one + other + third;
		}

	}

	static class SpecialBean extends Bean {

		public int extra = 1;

	}

	record Parent(List<Child> children) {
	}

	record Child(Parent parent) {
	}

	record Failing(List<Bad> bads) {
	}

	static class Bad {

		public int getValue() {
			throw new IllegalStateException("cannot compute");
		}

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

}
