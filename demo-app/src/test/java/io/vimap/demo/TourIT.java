package io.vimap.demo;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.InOut;
import io.vimap.pool.ProcessPool;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the tour in the README says besides the demo's own job, done in a test of the
 * application as its users would write one.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@ContextConfiguration(initializers = TourIT.Preparation.class)
@Timeout(120)
class TourIT {

	private static final List<Line> LINES = IntStream.rangeClosed(1, 100)
		.mapToObj((number) -> new Line(number, "{\"uri\": \"/" + number + "\", \"data\": " + number + "}"))
		.toList();

	private final ProcessPool<Line, Response> pool;

	private final List<URI> servers;

	TourIT(@Autowired ProcessPool<Line, Response> pool, @Autowired Environment environment) {
		this.pool = pool;
		this.servers = Stream.of("demo.servers[0]", "demo.servers[1]")
			.map((property) -> environment.getRequiredProperty(property, URI.class))
			.toList();
	}

	@Test
	void zipInOutPairsInputsWithOutputsInOrder() {
		try (Stream<InOut<Line, Response>> results = this.pool.imap(LINES).ordered().zipInOut()) {
			assertThat(results).extracting(InOut::input).isEqualTo(LINES);
		}
	}

	@Test
	void submitReturnsAFuture() throws Exception {
		CompletableFuture<Response> response = this.pool.submit(new Line(1, "{\"uri\": \"/hello\", \"data\": null}"));
		assertThat(DemoAnswer.read(response.get(1, TimeUnit.MINUTES).body()))
			.isEqualTo(DemoAnswer.to("/hello", "null".getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void poolWorksWithoutSpring() {
		List<WorkerSpec<Line, Response>> workers = this.servers.stream()
			.map((server) -> WorkerSpec.of(SendRequests.class).initArgs(new ServerArgs(server)))
			.toList();
		try (ProcessPool<Line, Response> pool = Vimap.fork(workers)) {
			pool.imap(LINES).blockIgnoreOutput();
		}
	}

	@Test
	void workersAreOtherProcesses() {
		try (Stream<Response> responses = this.pool.imap(LINES).outputs()) {
			assertThat(responses).extracting(Response::pid)
				.doesNotContain(ProcessHandle.current().pid())
				.allSatisfy((pid) -> assertThat(ProcessHandle.current().descendants()).extracting(ProcessHandle::pid)
					.contains(pid));
		}
	}

	/** Does what the demo's main method does. */
	static class Preparation implements ApplicationContextInitializer<GenericApplicationContext> {

		@Override
		public void initialize(GenericApplicationContext context) {
			ByteArrayResource noRequests = new ByteArrayResource(new byte[0]);
			context.getBeanFactory()
				.registerSingleton("demoOptions", new DemoOptions(true, false, noRequests, List.of()));
			new DemoServers(List.of()).initialize(context);
		}

	}

}
