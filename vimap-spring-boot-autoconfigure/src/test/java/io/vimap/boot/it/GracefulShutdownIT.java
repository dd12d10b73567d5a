package io.vimap.boot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class GracefulShutdownIT {

	@Test
	void requestThatUsesThePoolIsServedToItsEnd() throws Exception {
		ConfigurableApplicationContext context = new SpringApplicationBuilder(TestApplication.class, Web.class)
			.run("--server.port=0", "--vimap.pools.probe.processes=1");
		ProcessPool<?, ?> pool = context.getBean("probe", ProcessPool.class);
		int port = ((WebServerApplicationContext) context).getWebServer().getPort();
		CompletableFuture<HttpResponse<String>> response = HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/slow")).build(),
					HttpResponse.BodyHandlers.ofString());
		await().atMost(Duration.ofSeconds(30)).until(() -> pool.stats().inFlight() == 1);
		context.close();
		assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
		// The first task was under way when the shutdown began, the second one was sent
		// after that.
		assertThat(response.get().body()).isEqualTo("slept slept");
		assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	@Import(SlowController.class)
	static class Web {

	}

	@RestController
	static class SlowController {

		private final ProcessPool<String, Probe.Answer> pool;

		SlowController(ProcessPool<String, Probe.Answer> pool) {
			this.pool = pool;
		}

		@GetMapping("/slow")
		String slow() {
			return this.pool.submit("sleep PT2S").join().said() + " " + this.pool.submit("sleep PT0.1S").join().said();
		}

	}

}
