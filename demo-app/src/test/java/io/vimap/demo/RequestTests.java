package io.vimap.demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Request}.
 */
class RequestTests {

	@Test
	void parseReadsUriAndData() throws Exception {
		Request request = Request
			.parse(new Line(1, "{\"uri\": \"/a?b=c\", \"data\": {\"d\": [1, \"é\"]}, \"more\": 2}"));
		assertThat(request.uri()).isEqualTo("/a?b=c");
		assertThat(request.body()).asString().isEqualTo("{\"d\":[1,\"é\"]}");
	}

	@Test
	void parseTakesNullAsData() throws Exception {
		assertThat(Request.parse(new Line(1, "{\"uri\": \"/\", \"data\": null}")).body()).asString().isEqualTo("null");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "null", "[]", "7", "{\"uri\": \"/a\"}", "{\"data\": 1}",
			"{\"uri\": \"a\", \"data\": 1}", "{\"uri\": 5, \"data\": 1}", "{\"uri\": \"/a b\", \"data\": 1}",
			"{\"uri\": \"/a\", \"data\": 1} {}" })
	void parseNamesTheLineThatIsNotARequest(String text) {
		assertThatExceptionOfType(MalformedRequestException.class).isThrownBy(() -> Request.parse(new Line(42, text)))
			.withMessageStartingWith("Line 42 is not a request: ");
	}

}
