package io.vimap.boot.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "vimap.pools.probe.processes=2", "vimap.pools.probe.restart.intensity=100",
				"vimap.pools.local.worker=io.vimap.boot.it.Probe", "vimap.pools.local.mode=serial",
				"vimap.pools.local.processes=1", "management.endpoints.web.exposure.include=*",
				"management.endpoint.vimap.access=unrestricted", "management.endpoint.health.show-details=always",
				"logging.group.probing=io.vimap.boot.it" })
@ExtendWith(OutputCaptureExtension.class)
class ActuatorIT {

	private static final Duration LIMIT = Duration.ofSeconds(60);

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@Autowired
	@Qualifier("probe")
	private ProcessPool<String, Probe.Answer> pool;

	@Test
	void healthOfThePool() throws Exception {
		String health = get("/health/vimap", 200);
		assertThat(JsonPath.<String>read(health, "$.components.probe.status")).isEqualTo("UP");
		assertThat(JsonPath.<Integer>read(health, "$.components.probe.details.size")).isEqualTo(2);
		assertThat(JsonPath.<String>read(get("/health/vimap/probe", 200), "$.status")).isEqualTo("UP");
	}

	@Test
	void readsAndUnknownNames() throws Exception {
		assertThat(JsonPath.<Integer>read(get("/vimap", 200), "$.pools.probe.size")).isEqualTo(2);
		assertThat(pids()).hasSize(2);
		get("/vimap/unknown", 404);
		get("/vimap/probe/99", 404);
		get("/vimap/unknown/0", 404);
		assertThat(JsonPath.<String>read(get("/vimap/probe/first", 400), "$.reason"))
			.isEqualTo("'worker' must be a whole number from 0 on, not 'first'");
		post("/vimap/unknown", "{\"action\": \"recycle\"}", 404);
		post("/vimap/probe/99", "{\"action\": \"kill\"}", 404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			textBlock = """
					probe   | {}                                  | 'action' must be one of recycle, pause, resume, resize, and is missing
					probe   | {"action": "dance"}                 | 'action' must be one of recycle, pause, resume, resize, not 'dance'
					probe   | {"action": "resize"}                | 'size' must be a whole number from 1 to 10000, and is missing
					probe   | {"action": "resize", "size": 0}     | 'size' must be a whole number from 1 to 10000, not '0'
					probe   | {"action": "resize", "size": 2.5}   | 'size' must be a whole number from 1 to 10000, not '2.5'
					probe   | {"action": "resize", "size": "two"} | 'size' must be a whole number from 1 to 10000, not 'two'
					probe/0 | {}                                  | 'action' must be one of recycle, kill, and is missing
					probe/0 | {"action": "pause"}                 | 'action' must be one of recycle, kill, not 'pause'
					probe/a | {"action": "kill"}                  | 'worker' must be a whole number from 0 on, not 'a'
					""")
	void requestThatMakesNoSenseIsToldWhy(String path, String body, String reason) throws Exception {
		assertThat(JsonPath.<String>read(post("/vimap/" + path, body, 400), "$.reason")).isEqualTo(reason);
		assertThat(this.pool.stats().size()).isEqualTo(2);
	}

	@Test
	void recycleReplacesAllProcessesAndNoTaskFailsAndHealthStaysUp() throws Exception {
		Set<Integer> before = pids();
		List<CompletableFuture<Probe.Answer>> tasks = new ArrayList<>();
		post("/vimap/probe", "{\"action\": \"recycle\"}", 200);
		await().atMost(LIMIT).pollInterval(Duration.ofMillis(50)).until(() -> {
			tasks.add(this.pool.submit("sleep PT0.01S"));
			assertThat(JsonPath.<String>read(get("/health/vimap/probe", 200), "$.status")).isEqualTo("UP");
			Set<Integer> now = pids();
			return now.size() == 2 && now.stream().noneMatch(before::contains);
		});
		for (CompletableFuture<Probe.Answer> task : tasks) {
			assertThat(task.get(60, TimeUnit.SECONDS).said()).isEqualTo("slept");
		}
	}

	@Test
	void killIsCountedAndExplained() throws Exception {
		double before = metric("vimap.worker.restarts?tag=pool:probe&tag=reason:CRASHED");
		int pid = JsonPath.read(get("/vimap/probe/0", 200), "$.worker.pid");
		ProcessHandle.of(pid).orElseThrow().destroyForcibly();
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(metric("vimap.worker.restarts?tag=pool:probe&tag=reason:CRASHED"))
				.isEqualTo(before + 1));
		String shown = get("/vimap/probe", 200);
		assertThat(JsonPath.<List<String>>read(shown, "$.exits[?(@.pid == " + pid + ")].reason"))
			.containsExactly("CRASHED");
		assertThat(JsonPath.<List<String>>read(shown, "$.exits[?(@.pid == " + pid + ")].explanation").get(0))
			.contains("SIGKILL");
		allReady();
	}

	@Test
	void killThroughTheEndpoint() throws Exception {
		allReady();
		int pid = JsonPath.read(get("/vimap/probe/1", 200), "$.worker.pid");
		post("/vimap/probe/1", "{\"action\": \"kill\"}", 200);
		await().atMost(LIMIT).until(() -> !pids().contains(pid));
		allReady();
	}

	@Test
	void threadDumpOfABusyWorkerShowsTheUsersFrame() throws Exception {
		allReady();
		CompletableFuture<Probe.Answer> one = this.pool.submit("sleep PT5S");
		CompletableFuture<Probe.Answer> other = this.pool.submit("sleep PT5S");
		await().atMost(LIMIT).untilAsserted(() -> {
			String worker = get("/vimap/probe/0", 200);
			assertThat(JsonPath.<String>read(worker, "$.threadDump")).contains("io.vimap.boot.it.Probe.sleep");
			assertThat(JsonPath.<Integer>read(worker, "$.worker.currentTask")).isNotNull();
			assertThat(JsonPath.<String>read(worker, "$.worker.currentTaskTime")).startsWith("PT");
		});
		one.get(60, TimeUnit.SECONDS);
		other.get(60, TimeUnit.SECONDS);
	}

	@Test
	void pauseResumeAndResize() throws Exception {
		post("/vimap/probe", "{\"action\": \"pause\"}", 200);
		assertThat(JsonPath.<String>read(get("/health/vimap/probe", 503), "$.status")).isEqualTo("OUT_OF_SERVICE");
		CompletableFuture<Probe.Answer> task = this.pool.submit("");
		post("/vimap/probe", "{\"action\": \"resume\"}", 200);
		assertThat(task.get(60, TimeUnit.SECONDS)).isNotNull();
		post("/vimap/probe", "{\"action\": \"resize\", \"size\": 3}", 200);
		await().atMost(LIMIT).until(() -> pids().size() == 3);
		post("/vimap/probe", "{\"action\": \"resize\", \"size\": 2}", 200);
		post("/vimap/probe", "{\"action\": \"resize\", \"size\": 2000000000}", 400);
		await().atMost(LIMIT).until(() -> pids().size() == 2);
	}

	@Test
	void actionsOnAStoppedPoolAreRefused() throws Exception {
		ManagedProcessPool<?, ?> managed = (ManagedProcessPool<?, ?>) this.pool;
		managed.stop();
		try {
			String refusal = post("/vimap/probe", "{\"action\": \"recycle\"}", 409);
			assertThat(JsonPath.<String>read(refusal, "$.reason")).isEqualTo("pool 'probe' has been stopped");
			post("/vimap/probe", "{\"action\": \"pause\"}", 409);
			post("/vimap/probe", "{\"action\": \"resume\"}", 409);
			post("/vimap/probe", "{\"action\": \"resize\", \"size\": 3}", 409);
			post("/vimap/probe/0", "{\"action\": \"kill\"}", 409);
		}
		finally {
			managed.start();
		}
		allReady();
	}

	@Test
	void poolThatIsStartedAgainWithFewerWorkersHasNoMetersOfTheOthers() throws Exception {
		post("/vimap/probe", "{\"action\": \"resize\", \"size\": 3}", 200);
		await().atMost(LIMIT).until(() -> seatsWithMeters().size() == 3);
		ManagedProcessPool<?, ?> managed = (ManagedProcessPool<?, ?>) this.pool;
		managed.stop();
		managed.start();
		await().atMost(LIMIT).untilAsserted(() -> assertThat(seatsWithMeters()).containsExactlyInAnyOrder("0", "1"));
		allReady();
	}

	@Test
	void workerOfASeatThatIsNoMoreIsShownUntilItHasEndedAndCanBeKilled() throws Exception {
		post("/vimap/probe", "{\"action\": \"resize\", \"size\": 3}", 200);
		await().atMost(LIMIT).until(() -> pids().size() == 3);
		List<CompletableFuture<Probe.Answer>> tasks = Stream.generate(() -> this.pool.submit("sleep PT60S"))
			.limit(3)
			.toList();
		await().atMost(LIMIT).until(() -> currentTasks().size() == 3);
		post("/vimap/probe", "{\"action\": \"resize\", \"size\": 2}", 200);
		await().atMost(LIMIT)
			.untilAsserted(
					() -> assertThat(metric("vimap.pool.workers?tag=pool:probe&tag=state:DRAINING")).isEqualTo(1));
		assertThat(currentTasks()).hasSize(3);
		assertThat(metric("vimap.worker.rss?tag=pool:probe&tag=worker:2")).isGreaterThan(10_000_000);
		assertThat(JsonPath.<String>read(get("/vimap/probe/2", 200), "$.threadDump")).contains("Probe.sleep");
		post("/vimap/probe/2", "{\"action\": \"recycle\"}", 404);
		post("/vimap/probe/2", "{\"action\": \"kill\"}", 200);
		await().atMost(LIMIT).until(() -> seatsWithMeters().size() == 2);
		assertThat(currentTasks()).hasSize(2);
		tasks.forEach((task) -> task.cancel(true));
		allReady();
	}

	private List<Integer> currentTasks() throws Exception {
		return JsonPath.read(get("/vimap/probe", 200), "$.workers[?(@.currentTask)].currentTask");
	}

	private List<String> seatsWithMeters() throws Exception {
		return JsonPath.read(get("/metrics/vimap.worker.rss?tag=pool:probe", 200),
				"$.availableTags[?(@.tag == 'worker')].values[*]");
	}

	@Test
	void memoryOfAllWorkersIsANumberWhileSomeHaveEndedAndOthersAreNoProcesses() throws Exception {
		ManagedProcessPool<?, ?> managed = (ManagedProcessPool<?, ?>) this.pool;
		assertThat(metric("vimap.worker.rss")).isGreaterThan(10_000_000);
		managed.stop();
		try {
			await().atMost(LIMIT).untilAsserted(() -> assertThat(metric("vimap.worker.rss")).isZero());
		}
		finally {
			managed.start();
		}
		allReady();
	}

	@Test
	void metersOfTasks() throws Exception {
		double before = metric("vimap.task?tag=pool:probe&tag=outcome:SUCCESS");
		this.pool.submit("").get(60, TimeUnit.SECONDS);
		await().atMost(LIMIT)
			.untilAsserted(
					() -> assertThat(metric("vimap.task?tag=pool:probe&tag=outcome:SUCCESS")).isGreaterThan(before));
		assertThat(metric("vimap.worker.rss?tag=worker:0")).isGreaterThan(10_000_000);
		assertThat(metric("vimap.bytes?tag=direction:sent")).isPositive();
		assertThat(metric("vimap.worker.start")).isPositive();
	}

	@Test
	void levelChangedThroughLoggersReachesRunningWorkers(CapturedOutput output) throws Exception {
		allReady();
		assertThat(this.pool.submit("debug unseen").get(60, TimeUnit.SECONDS).said()).isEqualTo("false");
		post("/loggers/io.vimap.boot.it.Probe", "{\"configuredLevel\": \"DEBUG\"}", 204);
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.pool.submit("debug seen").get(60, TimeUnit.SECONDS).said())
				.isEqualTo("true"));
		await().atMost(LIMIT).untilAsserted(() -> assertThat(output).contains(": seen").doesNotContain("unseen"));
		post("/loggers/io.vimap.boot.it.Probe", "{}", 204);
		await().atMost(LIMIT)
			.untilAsserted(
					() -> assertThat(this.pool.submit("debug x").get(60, TimeUnit.SECONDS).said()).isEqualTo("false"));
	}

	@Test
	void levelOfAGroupChangedThroughLoggersReachesRunningWorkers() throws Exception {
		allReady();
		Set<Integer> before = pids();
		post("/loggers/probing", "{\"configuredLevel\": \"DEBUG\"}", 204);
		await().atMost(LIMIT)
			.untilAsserted(
					() -> assertThat(this.pool.submit("debug y").get(60, TimeUnit.SECONDS).said()).isEqualTo("true"));
		post("/loggers/probing", "{\"configuredLevel\": \"WARN\"}", 204);
		await().atMost(LIMIT)
			.untilAsserted(
					() -> assertThat(this.pool.submit("debug z").get(60, TimeUnit.SECONDS).said()).isEqualTo("false"));
		assertThat(pids()).isEqualTo(before);
		post("/loggers/probing", "{}", 204);
	}

	private void allReady() {
		await().atMost(LIMIT).until(() -> this.pool.stats().ready() == this.pool.stats().size());
	}

	private Set<Integer> pids() throws Exception {
		return new HashSet<>(
				JsonPath.<List<Integer>>read(get("/vimap/probe", 200), "$.workers[?(@.state == 'READY')].pid"));
	}

	private double metric(String name) throws Exception {
		return JsonPath.<Double>read(get("/metrics/" + name, 200), "$.measurements[0].value");
	}

	private String get(String path, int status) throws Exception {
		return exchange(HttpRequest.newBuilder(uri(path)).GET(), status);
	}

	private String post(String path, String body, int status) throws Exception {
		return exchange(HttpRequest.newBuilder(uri(path))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body)), status);
	}

	private URI uri(String path) {
		return URI.create("http://localhost:" + this.port + "/actuator" + path);
	}

	private String exchange(HttpRequest.Builder request, int status) throws Exception {
		HttpResponse<String> response = this.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
		return response.body();
	}

}
