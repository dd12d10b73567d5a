package io.vimap.demo;

import java.net.URI;
import java.net.URISyntaxException;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request as a line of the input file describes it:
 * <code>{"uri": "/path", "data": …}</code>.
 *
 * @param uri the path on the server, with its query if there is one
 * @param data what to post, any JSON value
 */
record Request(String uri, JsonNode data) {

	// Shows the text itself where a line cannot be read
	private static final JsonMapper JSON = JsonMapper
		.builder(JsonFactory.builder().enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION).build())
		.build();

	/**
	 * Reads the request of one line.
	 * @param line the line
	 * @return the request
	 * @throws MalformedRequestException if the line does not hold a request
	 */
	static Request parse(Line line) throws MalformedRequestException {
		Fields fields = readFields(line);
		String uri = fields.uri();
		if (uri == null || !uri.startsWith("/")) {
			throw malformed(line, "'uri' must be a path that starts with '/'", null);
		}
		if (fields.data() == null) {
			throw malformed(line, "'data' is missing", null);
		}
		try {
			return new Request(new URI(uri).toString(), fields.data());
		}
		catch (URISyntaxException ex) {
			throw malformed(line, "'uri' is no URI: " + ex.getReason(), ex);
		}
	}

	private static Fields readFields(Line line) throws MalformedRequestException {
		try {
			Fields fields = JSON.readValue(line.text(), Fields.class);
			if (fields != null) {
				return fields;
			}
		}
		catch (JacksonException ex) {
			throw malformed(line, ex.getOriginalMessage(), ex);
		}
		throw malformed(line, "a JSON object was expected", null);
	}

	private static MalformedRequestException malformed(Line line, String problem, @Nullable Throwable cause) {
		return new MalformedRequestException("Line " + line.number() + " is not a request: " + problem, cause);
	}

	/**
	 * Returns the body to post.
	 * @return the data as JSON in UTF-8
	 */
	byte[] body() {
		return JSON.writeValueAsBytes(this.data);
	}

	/** What Jackson finds in a line; any of it may be missing. */
	private record Fields(@Nullable String uri, @Nullable JsonNode data) {
	}

}
