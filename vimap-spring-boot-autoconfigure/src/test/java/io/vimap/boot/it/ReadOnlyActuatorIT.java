package io.vimap.boot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = { "vimap.pools.probe.processes=1",
		"vimap.pools.probe.auto-start=false", "management.endpoints.web.exposure.include=vimap" })
class ReadOnlyActuatorIT {

	@LocalServerPort
	private int port;

	@Test
	void writesMustBeGranted() throws Exception {
		URI uri = URI.create("http://localhost:" + this.port + "/actuator/vimap/probe");
		HttpClient client = HttpClient.newHttpClient();
		assertThat(client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).statusCode())
			.isEqualTo(200);
		for (String path : new String[] { "", "/0" }) {
			HttpRequest write = HttpRequest.newBuilder(URI.create(uri + path))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{\"action\": \"recycle\"}"))
				.build();
			assertThat(client.send(write, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(405);
		}
	}

}
