package io.vimap.protocol;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JsonDoubleSerializer}: whatever the number, the text is Jackson's own,
 * and is read as the same number.
 */
class JsonDoubleSerializerTests {

	private final JsonMapper jackson = JsonMapper
		.builder(JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build())
		.build();

	private final ValueCodec codec = new AutoCodec(getClass().getClassLoader()).forType(Reading.class);

	@ParameterizedTest
	@ValueSource(doubles = { 0, -0.0, 1, -1, 10, 0.5, 0.25, 12.25, -12.25, 0.1, 0.3, 0.1 + 0.2, 1.005, 123456.789012,
			0.001, 0.0009999, 0.000999999, 0.001000001, 0.0000005, 9999999, 9999999.999999, 9999999.9999999, 1e7,
			10000000.5, 1234567.1234567, 4999999.9999995, 5033164.8, 99999.95, 1e15, 1e22, 1e300, 4.9e-324, 2e-3,
			2.2250738585072014e-308, Double.MAX_VALUE, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY })
	void writesTheTextOfJackson(double number) throws Exception {
		assertSame(number);
	}

	@Test
	void writesTheTextOfJacksonForAnyNumber() throws Exception {
		Random random = new Random(42);
		for (int i = 0; i < 20_000; i++) {
			double decimal = random.nextInt() / Math.pow(10, random.nextInt(10));
			assertSame(decimal);
			// Its neighbours have many decimals, or one of them fewer.
			assertSame(Math.nextUp(decimal));
			assertSame(Math.nextDown(decimal));
			assertSame(Double.longBitsToDouble(random.nextLong()));
		}
	}

	@Test
	void writesNumbersOfCollectionsAndNone() throws Exception {
		Several several = new Several(null, List.of(1.5, -2.125), Map.of("a", 0.75), new Part(3.5));
		ValueCodec codec = new AutoCodec(getClass().getClassLoader()).forType(Several.class);
		assertThat(text(codec, several)).isEqualTo(this.jackson.writeValueAsString(several));
		assertThat(decoded(codec, several)).isEqualTo(several);
	}

	@Test
	void leavesToTheAnnotationHowANumberIsWritten() throws Exception {
		Quoted quoted = new Quoted(12.25, 0.5);
		ValueCodec codec = new AutoCodec(getClass().getClassLoader()).forType(Quoted.class);
		assertThat(text(codec, quoted)).isEqualTo("{\"first\":\"12.25\",\"second\":0.5}");
		assertThat(decoded(codec, quoted)).isEqualTo(quoted);
	}

	private void assertSame(double number) throws Exception {
		Reading reading = new Reading(number);
		assertThat(text(this.codec, reading)).isEqualTo(this.jackson.writeValueAsString(reading));
		assertThat(decoded(this.codec, reading)).isEqualTo(reading);
	}

	private static String text(ValueCodec codec, Object value) throws Exception {
		PayloadBuffer out = new PayloadBuffer(16);
		codec.encode(value, out);
		return new String(out.array(), 1, out.size() - 1, StandardCharsets.UTF_8);
	}

	private static @Nullable Object decoded(ValueCodec codec, Object value) throws Exception {
		PayloadBuffer out = new PayloadBuffer(16);
		codec.encode(value, out);
		return codec.decode(out.array(), 0, out.size());
	}

	record Reading(double value) {
	}

	record Part(double size) {
	}

	record Several(@Nullable Double none, List<Double> list, Map<String, Double> map, @JsonUnwrapped Part part) {
	}

	record Quoted(@JsonFormat(shape = JsonFormat.Shape.STRING) double first, Double second) {
	}

}
