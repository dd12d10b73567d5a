package io.vimap.boot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.vimap.pool.ProcessPool;
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
 * {@code target/endpoint-examples.md}.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "vimap.pools.probe.enabled=false", "vimap.pools.requests.worker=io.vimap.boot.it.Probe",
				"vimap.pools.requests.processes=2", "vimap.pools.requests.restart.intensity=100",
				"management.endpoints.web.exposure.include=vimap,health,metrics",
				"management.endpoint.vimap.access=unrestricted", "management.endpoint.health.show-details=always" })
class EndpointExamplesIT {

	private final StringBuilder examples = new StringBuilder();

	@LocalServerPort
	private int port;

	@Autowired
	@Qualifier("requests")
	private ProcessPool<String, Probe.Answer> pool;

	@Test
	void examples() throws Exception {
		this.pool.submit("exit 3").handle((answer, failure) -> "").get(60, TimeUnit.SECONDS);
		await().atMost(Duration.ofSeconds(60)).until(() -> this.pool.stats().ready() == 2);
		this.pool.submit("sleep PT3S");
		await().atMost(Duration.ofSeconds(60)).until(() -> this.pool.stats().inFlight() > 0);
		int busy = this.pool.stats()
			.workers()
			.stream()
			.filter((worker) -> worker.currentTask() != null)
			.findFirst()
			.orElseThrow()
			.index();
		exchange("GET", "/actuator/health/vimap", null);
		exchange("GET", "/actuator/vimap", null);
		exchange("GET", "/actuator/vimap/requests", null);
		exchange("GET", "/actuator/vimap/requests/" + busy, null);
		exchange("POST", "/actuator/vimap/requests", "{\"action\": \"pause\"}");
		exchange("POST", "/actuator/vimap/requests", "{\"action\": \"resume\"}");
		exchange("POST", "/actuator/vimap/requests", "{\"action\": \"resize\", \"size\": 3}");
		exchange("POST", "/actuator/vimap/requests", "{\"action\": \"recycle\"}");
		exchange("POST", "/actuator/vimap/requests/0", "{\"action\": \"recycle\"}");
		exchange("POST", "/actuator/vimap/requests/0", "{\"action\": \"kill\"}");
		exchange("GET", "/actuator/vimap/unknown", null);
		Files.writeString(Path.of("target/endpoint-examples.md"), this.examples);
	}

	private void exchange(String method, String path, String body) throws Exception {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
		request.header("Content-Type", "application/json");
		request.method(method,
				(body != null) ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(request.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isIn(200, 404);
		this.examples.append(method).append(' ').append(path).append((body != null) ? " " + body : "").append('\n');
		this.examples.append(response.statusCode()).append('\n').append(response.body()).append("\n\n");
	}

}
