package io.vimap.boot.it;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.ProcessPools;
import io.vimap.boot.health.ProcessPoolHealthIndicator;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@ExtendWith(OutputCaptureExtension.class)
class ForkedPoolIT {

	@AfterEach
	void noChildIsLeft() {
		await().atMost(Duration.ofSeconds(5))
			.untilAsserted(
					() -> assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty());
	}

	@Test
	void workersAreBeansInProcessesOfTheirOwnAndNeverInThisOne(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = run("--app.name=${other}!", "--other=demo", "--slice.clock=utc",
				"--vimap.pools.probe.init-args.timeout=2s", "--vimap.pools.probe.init-args.tags=a,b",
				"--vimap.pools.probe.workers[0].server=http://a", "--vimap.pools.probe.workers[1].server=http://b",
				"--vimap.pools.probe.workers[1].timeout=500ms")) {
			ProcessPool<String, Probe.Answer> pool = pool(context);
			List<Probe.Answer> answers = pool.imap(Stream.generate(() -> "").limit(200)).outputs().toList();
			assertThat(answers).hasSize(200)
				.allMatch((answer) -> answer.said().equals("demo!") && answer.clock().equals("utc"));
			Map<Integer, Probe.Answer> byIndex = answers.stream()
				.collect(Collectors.toMap(Probe.Answer::index, (answer) -> answer, (a, b) -> a));
			assertThat(byIndex.get(0).args())
				.isEqualTo(new Probe.Args("http://a", Duration.ofSeconds(2), List.of("a", "b")));
			assertThat(byIndex.get(1).args())
				.isEqualTo(new Probe.Args("http://b", Duration.ofMillis(500), List.of("a", "b")));
			assertThat(byIndex.get(0).pid()).isNotEqualTo(byIndex.get(1).pid());
			assertThat(answers).noneMatch((answer) -> answer.pid() == ProcessHandle.current().pid());
			assertThat(pool.submit("property other").get(10, TimeUnit.SECONDS).said()).isEqualTo("demo");
			assertThat(Probe.INSTANCES).hasValue(0);
			assertThat(output).doesNotContain("constructed in " + ProcessHandle.current().pid())
				.contains("constructed in " + byIndex.get(0).pid());
		}
	}

	@Test
	void failuresAreValuesAndDeadWorkersAreReplaced() {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.processes=2")) {
			List<TaskResult<String, Probe.Answer>> results = pool(context)
				.imap(List.of("throw oh no", "a", "exit 3", "b"))
				.ordered()
				.zipInOutTyp()
				.toList();
			assertThat(results.get(0)).isInstanceOfSatisfying(TaskResult.Failure.class,
					(failure) -> assertThat(failure.exception().formattedTraceback())
						.contains("IllegalArgumentException: oh no"));
			assertThat(results.get(1)).isInstanceOf(TaskResult.Output.class);
			assertThat(results.get(2)).isInstanceOf(TaskResult.Failure.class);
			assertThat(results.get(3)).isInstanceOf(TaskResult.Output.class);
		}
	}

	@Test
	void startsStopsAndStartsAgain() {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.processes=2")) {
			ProcessPool<String, Probe.Answer> pool = pool(context);
			long before = pid(pool);
			context.stop();
			assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive)).isEmpty();
			assertThat(pool.submit("")).failsWithin(Duration.ofSeconds(1))
				.withThrowableThat()
				.withCauseInstanceOf(PoolClosedException.class);
			context.start();
			assertThat(pid(pool)).isNotEqualTo(before);
			// An imap of a managed pool leaves it open.
			assertThat(pool.imap(List.of("a")).zipInOut().map(InOut::output).count()).isEqualTo(1);
			assertThat(pid(pool)).isNotEqualTo(before);
		}
	}

	@Test
	void aCallbackOfATaskClosesTheContext() throws Exception {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.processes=1",
				"--spring.lifecycle.timeout-per-shutdown-phase=60s")) {
			ProcessPool<String, Probe.Answer> pool = pool(context);
			pool.pause(); // so that the callback is called by a thread of the pool
			CompletableFuture<Void> closed = pool.submit("").thenRun(context::close);
			pool.resume();
			closed.get(30, TimeUnit.SECONDS);
			await().atMost(Duration.ofSeconds(10)).until(() -> pool.state() == PoolState.TERMINATED);
		}
	}

	@Test
	void loggingIsThatOfTheParentWithTheContextOfTheCaller(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.processes=1",
				"--logging.level.io.vimap.boot.it=DEBUG", "--logging.structured.format.console=")) {
			ProcessPool<String, Probe.Answer> pool = pool(context);
			MDC.put("traceId", "4bf92f3577b34da6");
			assertThat(pool.submit("mdc traceId").orTimeout(60, TimeUnit.SECONDS).join().said())
				.isEqualTo("4bf92f3577b34da6");
			pool.imap(List.of("debug within a trace")).blockIgnoreOutput();
			MDC.clear();
			assertThat(pool.submit("mdc traceId").orTimeout(60, TimeUnit.SECONDS).join().said()).isEqualTo("null");
			pool.imap(List.of("info without a trace")).blockIgnoreOutput();
			await().atMost(Duration.ofSeconds(10))
				.untilAsserted(() -> assertThat(output.getOut().lines())
					.anyMatch((line) -> line.contains("vimap.probe.0") && line.matches(
							".*: DEBUG \\[[\\w-]+] \\[traceId=4bf92f3577b34da6] io.vimap.boot.it.Probe +: within a trace"))
					.anyMatch(
							(line) -> line.matches(".*: INFO  \\[[\\w-]+] io.vimap.boot.it.Probe +: without a trace")));
		}
		finally {
			MDC.clear();
		}
	}

	/** As with a header of a request that has not been sent. */
	@ParameterizedTest
	@ValueSource(strings = { "forked", "serial" })
	void loggingContextMayHaveAnEntryWithoutAValueAndStaysTheCallers(String mode) throws Exception {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.enabled=false",
				"--vimap.pools.mdc.worker=" + MdcReader.class.getName(), "--vimap.pools.mdc.processes=1",
				"--vimap.pools.mdc.mode=" + mode)) {
			ProcessPool<String, String> pool = context.getBean(ProcessPools.class)
				.get("mdc", String.class, String.class);
			MDC.put("user", null);
			MDC.put("traceId", "4bf92f3577b34da6");
			assertThat(pool.submit("traceId").get(10, TimeUnit.SECONDS)).isEqualTo("4bf92f3577b34da6");
			assertThat(pool.submit("user").get(10, TimeUnit.SECONDS)).isNull();
			assertThat(MDC.get("traceId")).isEqualTo("4bf92f3577b34da6");
		}
		finally {
			MDC.clear();
		}
	}

	@Test
	void linesOfTheChildComeOutWithTheirLevels(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.processes=1",
				"--logging.level.io.vimap.boot.it=DEBUG", "--logging.pattern.console=%-5p|%logger|%m%n")) {
			pool(context)
				.imap(List.of("info one", "warn two\nsecond line", "error three", "debug four", "print five",
						"warn end"))
				.blockIgnoreOutput();
			await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(output.getOut()).contains(": end"));
			List<String> lines = output.getOut().lines().filter((line) -> line.contains("|vimap.probe.0|")).toList();
			assertThat(levels(lines, ": one", ": four", "|five")).containsOnly("INFO");
			assertThat(levels(lines, ": two", "|second line", "|stderr: five", ": end")).containsOnly("WARN");
			assertThat(levels(lines, ": three", "IllegalStateException: the printer", "at io.vimap.boot.it.Probe"))
				.containsOnly("ERROR");
			assertThat(output.getOut()).doesNotContain("\u0001");
		}
	}

	private static List<String> levels(List<String> lines, String... parts) {
		return Stream.of(parts)
			.map((part) -> lines.stream().filter((line) -> line.contains(part)).findFirst().orElseThrow())
			.map((line) -> line.substring(0, line.indexOf('|')).strip())
			.toList();
	}

	@Test
	void stopsTheApplicationIfWorkersCannotStart(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run("--vimap.pools.probe.processes=1", "--vimap.pools.probe.init-args.server=fail",
					"--vimap.pools.probe.restart.intensity=0"))
			.havingCause()
			.isInstanceOf(PoolFailedException.class);
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The workers of process pool 'probe' could not be started",
				"Root cause: java.lang.IllegalStateException: the license has expired", "vimap.pools.probe.required");
	}

	@Test
	void missingBeanShowsAsRootCause(CapturedOutput output) {
		assertThatException()
			.isThrownBy(() -> run("--vimap.pools.probe.processes=1", "--vimap.pools.probe.restart.intensity=0",
					"--vimap.pools.probe.worker=" + NeedsMissingBean.class.getName()));
		assertThat(output).contains("Root cause: ", "NoSuchBeanDefinitionException", "ForkedPoolIT$Missing");
	}

	@Test
	void poolThatIsNotRequiredDoesNotStopTheApplication() {
		try (ConfigurableApplicationContext context = run("--vimap.pools.probe.processes=1",
				"--vimap.pools.probe.init-args.server=fail", "--vimap.pools.probe.restart.intensity=0",
				"--vimap.pools.probe.required=false")) {
			await().atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThatExceptionOfType(PoolFailedException.class)
					.isThrownBy(() -> pool(context).awaitReady(Duration.ofSeconds(10))));
			Health health = new ProcessPoolHealthIndicator(pool(context)).health();
			assertThat(health.getStatus()).isEqualTo(Status.DOWN);
			assertThat(health.getDetails()).containsEntry("state", PoolState.FAILED).containsKey("lastExit");
		}
	}

	private static long pid(ProcessPool<String, Probe.Answer> pool) {
		return pool.submit("").orTimeout(20, TimeUnit.SECONDS).join().pid();
	}

	@SuppressWarnings("unchecked")
	private static ProcessPool<String, Probe.Answer> pool(ConfigurableApplicationContext context) {
		return context.getBean("probe", ManagedProcessPool.class);
	}

	private static ConfigurableApplicationContext run(String... args) {
		return new SpringApplicationBuilder(TestApplication.class).web(WebApplicationType.NONE).run(args);
	}

	static class MdcReader implements io.vimap.worker.Worker<String, String> {

		@Override
		public String process(String key) {
			return MDC.get(key);
		}

	}

	static class Missing {

	}

	static class NeedsMissingBean implements io.vimap.worker.Worker<String, String> {

		NeedsMissingBean(Missing missing, org.springframework.core.env.Environment environment) {
		}

		@Override
		public String process(String input) {
			return input;
		}

	}

}
