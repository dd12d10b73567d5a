package io.vimap.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the packaged demo as a user would.
 */
@Timeout(300)
class DemoIT {

	private static final int LINES = 12_892;

	private static final int FEW = 2_000;

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void onceAnswersEveryLine() throws Exception {
		try (DemoProcess demo = start("--once")) {
			assertThat(demo.exitCode()).as(demo::output).isZero();
			assertThat(demo.figure("requests")).isEqualTo(LINES);
			assertThat(demo.figure("answers")).isEqualTo(LINES);
			assertThat(demo.figure("failures")).isZero();
			assertThat(demo.output()).containsPattern("http://127.0.0.1:\\d+ +\\| +pid \\d+ \\|");
		}
	}

	@Test
	void runsProcessedAheadOfTime() throws Exception {
		List<String> command = List.of(DemoProcess.java(), "-Dspring.aot.enabled=true", "-jar",
				DemoProcess.jar().toString(), "--once", "--file=" + head(FEW / 10),
				"--spring.main.log-startup-info=true", "--logging.level.io.vimap.demo=info");
		try (DemoProcess demo = DemoProcess.run(this.directory, this.directory, command)) {
			assertThat(demo.exitCode()).as(demo::output).isZero();
			assertThat(demo.output()).contains("Starting AOT-processed DemoApplication");
			assertThat(demo.figure("answers")).isEqualTo(FEW / 10);
			assertThat(demo.figure("failures")).isZero();
		}
	}

	@Test
	void chaosCostsNoLineItsAnswer() throws Exception {
		try (DemoProcess demo = start("--once", "--chaos", "--file=" + head(FEW))) {
			assertThat(demo.exitCode()).as(demo::output).isZero();
			assertThat(demo.figure("requests")).isEqualTo(FEW);
			assertThat(demo.figure("answers")).isEqualTo(FEW);
			assertThat(demo.figure("failures")).isZero();
			assertThat(demo.figure("workers killed by --chaos")).isPositive();
			assertThat(demo.figure("workers that died")).isEqualTo(demo.figure("workers killed by --chaos"));
			assertThat(demo.figure("requests tried again")).isPositive();
		}
	}

	@Test
	void malformedLinesAreReportedWithTheirNumbersAndTheJobGoesOn() throws Exception {
		Path file = Files.write(this.directory.resolve("some.jsonl"),
				List.of("{\"uri\": \"/1\", \"data\": 1}", "{\"uri\": \"/2\", \"da", "{\"uri\": \"/3\", \"data\": null}",
						"", "{\"data\": \"no uri\"}", "{\"uri\": \"/6 6\", \"data\": 6}",
						"{\"uri\": \"/7\", \"data\": []}"));
		try (DemoProcess demo = start("--once", "--file=" + file)) {
			assertThat(demo.exitCode()).as(demo::output).isOne();
			assertThat(demo.figure("requests")).isEqualTo(7);
			assertThat(demo.figure("answers")).isEqualTo(3);
			assertThat(demo.figure("failures")).isEqualTo(4);
			assertThat(demo.output()).contains("4 x io.vimap.demo.MalformedRequestException: lines 2, 4, 5, 6")
				.contains("at io.vimap.demo.SendRequests.process(SendRequests.java:");
		}
	}

	@Test
	void usesTheServersOfTheCommandLine() throws Exception {
		Set<String> received = ConcurrentHashMap.newKeySet();
		List<HttpServer> servers = List.of(server(received), server(received), server(received));
		try (DemoProcess demo = start("--once", "--servers=" + addresses(servers), "--file=" + head(FEW))) {
			assertThat(demo.exitCode()).as(demo::output).isZero();
			assertThat(demo.figure("answers")).isEqualTo(FEW);
			assertThat(received).hasSize(FEW);
			assertThat(demo.output()).contains(addresses(servers).split(","));
		}
		finally {
			servers.forEach((server) -> server.stop(0));
		}
	}

	@Test
	void serverThatIsNotThereFailsEveryLine() throws Exception {
		Path file = Files.writeString(this.directory.resolve("one.jsonl"), "{\"uri\": \"/1\", \"data\": 1}");
		try (DemoProcess demo = start("--once", "--file=" + file, "--servers=http://127.0.0.1:" + freePort())) {
			assertThat(demo.exitCode()).as(demo::output).isOne();
			assertThat(demo.output()).contains("1 x java.net.ConnectException: line 1");
		}
	}

	@Test
	void wrongOptionsAreExplained() throws Exception {
		try (DemoProcess demo = start("--once", "--file=nowhere.jsonl")) {
			assertThat(demo.exitCode()).isEqualTo(2);
			assertThat(demo.output()).contains("Option '--file': no such file: nowhere.jsonl").contains("Usage:");
		}
	}

	@Test
	void staysUpWithActuatorAndLeavesNothingWhenTerminated() throws Exception {
		int port = freePort();
		Path file = Files.writeString(this.directory.resolve("one.jsonl"), "{\"uri\": \"/1\", \"data\": 1}");
		try (DemoProcess demo = start("--file=" + file, "--server.port=" + port)) {
			demo.await("the table", () -> demo.output().contains("requests/s"));
			List<ProcessHandle> children = demo.children();
			assertThat(children).hasSizeGreaterThanOrEqualTo(2);
			assertThat(get(port, "/actuator/health/vimap")).contains("\"requests\"").contains("UP");
			assertThat(get(port, "/actuator/vimap/requests")).contains("\"pid\"");
			demo.terminate();
			demo.exitCode();
			assertNoneRuns(children);
		}
	}

	@Test
	void terminatedInTheMiddleOfItsJobItInvitesNobodyAnyMore() throws Exception {
		try (DemoProcess demo = start("--server.port=0", "--demo.server.latency=50ms")) {
			demo.await("the job", () -> demo.output().contains("Sending"));
			List<ProcessHandle> children = demo.children();
			demo.terminate();
			demo.exitCode();
			assertThat(demo.output()).doesNotContain("Look at http");
			assertNoneRuns(children);
		}
	}

	@Test
	void killedApplicationLeavesNoWorkers() throws Exception {
		try (DemoProcess demo = start("--once", "--demo.server.latency=50ms")) {
			demo.await("the job", () -> demo.output().contains("Sending"));
			List<ProcessHandle> children = demo.children();
			// Besides the workers there may be what makes their class archive.
			assertThat(children).filteredOn((child) -> child.info().command().orElse("").endsWith("java"))
				.hasSizeGreaterThanOrEqualTo(2);
			demo.kill();
			Thread.sleep(1000);
			assertNoneRuns(children);
		}
	}

	private DemoProcess start(String... options) throws IOException {
		return DemoProcess.start(DemoProcess.jar(), this.directory, options);
	}

	private Path head(int lines) throws IOException {
		try (Stream<String> all = Files.lines(Path.of("src/main/resources/requests.jsonl"))) {
			return Files.write(this.directory.resolve("head.jsonl"), all.limit(lines).toList());
		}
	}

	private static HttpServer server(Set<String> received) throws IOException {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		server.createContext("/", (exchange) -> {
			received.add(exchange.getRequestURI().toString());
			exchange.getRequestBody().readAllBytes();
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		server.start();
		return server;
	}

	private static String addresses(Collection<HttpServer> servers) {
		return String.join(",",
				servers.stream().map((server) -> "http://127.0.0.1:" + server.getAddress().getPort()).toList());
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static String get(int port, String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
		return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
	}

	private static void assertNoneRuns(List<ProcessHandle> children) {
		// An orphan that has ended may wait for init to collect its exit status: it has
		// no command any more
		assertThat(children).noneMatch((child) -> child.isAlive() && child.info().command().isPresent());
	}

}
