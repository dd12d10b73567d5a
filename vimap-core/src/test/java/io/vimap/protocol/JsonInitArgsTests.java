package io.vimap.protocol;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link JsonInitArgs}: what arrives, and names that nothing takes.
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

	@Test
	void valuesComeBackAsTheyWere() {
		ZonedDateTime paris = ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 1, ZoneId.of("Europe/Paris"));
		for (Path path : List.of(Path.of("a/b c"), Path.of("/x/y"), Path.of("ä%20"))) {
			Values values = new Values(path, path.toFile(), Map.of("x", path), paris,
					OffsetDateTime.parse("2024-01-01T00:00:00+05:30"));
			assertThat(JsonInitArgs.read(JsonInitArgs.write(values, "them"), Values.class, "them")).isEqualTo(values);
		}
		Names names = new Names(new LinkedHashSet<>(List.of("z", "a", "m", "q", "name")));
		assertThat(JsonInitArgs.read(JsonInitArgs.write(names, "them"), Names.class, "them").names())
			.containsExactly("z", "a", "m", "q", "name");
	}

	@Test
	void textsOfAMapAreReadAsJacksonDoes() {
		byte[] json = JsonInitArgs.write(
				Map.of("path", "a/b", "file", "c", "paths", Map.of("x", "file:///y"), "time", "2024-01-01T00:00:00Z"),
				"them");
		Values values = JsonInitArgs.read(json, Values.class, "them");
		assertThat(values.path()).isEqualTo(Path.of("a/b"));
		assertThat(values.file()).isEqualTo(new File("c"));
		assertThat(values.paths()).containsExactly(Map.entry("x", Path.of("/y")));
		assertThat(values.time()).isEqualTo("2024-01-01T00:00:00Z");
	}

	record Values(Path path, File file, Map<String, Path> paths, ZonedDateTime time, OffsetDateTime offset) {
	}

	record Names(Set<String> names) {
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
