package io.vimap.protocol;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link JsonInitArgs}: names that nothing takes.
 */
class JsonInitArgsTests {

	private static void check(Map<String, ?> initArgs, Class<?> type) {
		JsonInitArgs.checkNames(JsonInitArgs.write(initArgs, "them"), type, "them");
	}

	private static void refused(Map<String, ?> initArgs, Class<?> type, String name, String known) {
		assertThatIllegalArgumentException().isThrownBy(() -> check(initArgs, type))
			.withMessageContaining("of them have '" + name + "'")
			.withMessageContaining("It has " + known + ".");
	}

	@Test
	void unknownNamesAreRefusedWhereverTheyAre() {
		refused(Map.of("srver", 1), Args.class, "srver", "[limit, patience, port, server, servers]");
		refused(Map.of("server", Map.of("hots", "h")), Args.class, "server.hots", "[host]");
		refused(Map.of("servers", Map.of("a", List.of(Map.of("hots", "h")))), Args.class, "servers.a.hots", "[host]");
		refused(Map.of("nam", 1), Bean.class, "nam", "[name]");
	}

	@Test
	void knownNamesAreNot() {
		assertThatNoException().isThrownBy(() -> {
			check(Map.of("server", Map.of("host", "h"), "port", 1, "patience", "PT1S", "limit", 1), Args.class);
			check(Map.of("servers", Map.of("any", List.of(Map.of("host", "h")))), Args.class);
			check(Map.of("name", "x"), Bean.class);
		});
	}

	@Test
	void whatAnnotationsMayTakeIsNot() {
		for (Class<?> type : List.of(Any.class, Lenient.class, Unwrapping.class, Delegating.class, Map.class,
				JsonNode.class)) {
			assertThatNoException().isThrownBy(() -> check(Map.of("anything", Map.of("at", "all")), type));
		}
		assertThatNoException().isThrownBy(() -> check(Map.of("entry", Map.of("k", "v")), WithEntry.class));
	}

	record Server(String host) {

		Server {
			throw new IllegalStateException("made in the parent");
		}

	}

	record Args(Server server, Map<String, List<Server>> servers, @JsonAlias("port") @JsonProperty("limit") int most,
			Duration patience) {
	}

	static class Bean {

		private String name = "";

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

	static class Any {

		public int number;

		@JsonAnySetter
		void set(String name, Object value) {
		}

	}

	@JsonIgnoreProperties(ignoreUnknown = true)
	record Lenient(int number) {
	}

	record Unwrapping(@JsonUnwrapped Server server) {
	}

	record Delegating(Map<String, Object> all) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Delegating {
		}

	}

	record WithEntry(Map.Entry<String, String> entry) {
	}

}
