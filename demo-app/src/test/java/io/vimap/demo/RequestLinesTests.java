package io.vimap.demo;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestLines}.
 */
class RequestLinesTests {

	@Test
	void linesAreNumberedAndReadLazily() {
		RequestLines lines = lines(new ByteArrayResource("a\n\nc".getBytes(StandardCharsets.UTF_8)));
		assertThat(lines.count()).isEqualTo(3);
		try (Stream<Line> stream = lines.stream()) {
			assertThat(stream.limit(2)).containsExactly(new Line(1, "a"), new Line(2, ""));
		}
		assertThat(lines.read()).isEqualTo(2);
	}

	@Test
	void bytesThatAreNoTextSpoilOneLineOnly() {
		RequestLines lines = lines(new ByteArrayResource(new byte[] { (byte) 0xff, '\n', 'b' }));
		try (Stream<Line> stream = lines.stream()) {
			assertThat(stream).containsExactly(new Line(1, "\ufffd"), new Line(2, "b"));
		}
	}

	@Test
	void everyLineOfTheDemosOwnFileIsARequest() {
		try (Stream<Line> stream = lines(new ClassPathResource("requests.jsonl")).stream()) {
			assertThat(stream).hasSizeGreaterThan(10_000).allSatisfy((line) -> Request.parse(line));
		}
	}

	private static RequestLines lines(Resource file) {
		return new RequestLines(new DemoOptions(true, false, file, List.of()));
	}

}
