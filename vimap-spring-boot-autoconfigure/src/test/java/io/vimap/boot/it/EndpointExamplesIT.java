package io.vimap.boot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Produces the examples of {@code docs/spring-boot.md}, in
 * {@code target/endpoint-examples.md}, and compares them with those that are there: they
 * must have the same fields.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "vimap.pools.probe.enabled=false", "vimap.pools.requests.worker=io.vimap.boot.it.Probe",
				"vimap.pools.requests.processes=2", "management.endpoints.web.exposure.include=vimap,health",
				"management.endpoint.health.show-details=always" })
class EndpointExamplesIT {

	private static final Pattern EXAMPLE = Pattern.compile("^`GET (\\S+)`[^`]*```json\\n(.*?)```",
			Pattern.MULTILINE | Pattern.DOTALL);

	private final StringBuilder examples = new StringBuilder();

	@LocalServerPort
	private int port;

	@Autowired
	@Qualifier("requests")
	private ProcessPool<String, Probe.Answer> pool;

	private List<CompletableFuture<Probe.Answer>> running = List.of();

	@AfterEach
	void cancel() {
		this.running.forEach((task) -> task.cancel(true));
	}

	@Test
	void examplesOfTheGuideAreWhatTheEndpointAnswers() throws Exception {
		this.pool.submit("exit 3").handle((answer, failure) -> "").get(60, TimeUnit.SECONDS);
		await().atMost(Duration.ofSeconds(60)).until(() -> this.pool.stats().ready() == 2);
		this.running = Stream.generate(() -> this.pool.submit("sleep PT60S")).limit(2).toList();
		await().atMost(Duration.ofSeconds(60))
			.untilAsserted(() -> assertThat(this.pool.stats().workers())
				.allSatisfy((worker) -> assertThat(worker.currentTask()).isNotNull()));
		get("/actuator/health/vimap");
		get("/actuator/vimap");
		get("/actuator/vimap/requests");
		get("/actuator/vimap/requests/" + this.pool.stats().exits().get(0).index());
		Files.writeString(Path.of("target/endpoint-examples.md"), this.examples);
		assertThat(fields(Files.readString(Path.of("../docs/spring-boot.md"))))
			.isEqualTo(fields(this.examples.toString()));
	}

	private void get(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path)).build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		this.examples.append("`GET ")
			.append(path)
			.append("`:\n\n```json\n")
			.append(response.body())
			.append("\n```\n\n");
	}

	/** Returns the fields of each example with the kinds of their values. */
	private static Map<String, Set<String>> fields(String guide) {
		Map<String, Set<String>> fields = new TreeMap<>();
		EXAMPLE.matcher(guide)
			.results()
			.forEach((example) -> collect("", JsonPath.parse(example.group(2)).json(), fields
				.computeIfAbsent(example.group(1).replaceAll("\\d+", "{worker}"), (path) -> new TreeSet<>())));
		return fields;
	}

	private static void collect(String path, Object value, Set<String> fields) {
		if (value instanceof Map<?, ?> object) {
			object.forEach((name, field) -> collect(path + "." + name, field, fields));
		}
		else if (value instanceof List<?> list && !list.isEmpty()) {
			list.forEach((element) -> collect(path + "[]", element, fields));
		}
		else {
			fields.add(path + ": " + (value instanceof Number ? "Number" : value.getClass().getSimpleName()));
		}
	}

}
