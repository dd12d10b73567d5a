package io.vimap.boot.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.pool.WorkerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "vimap.pools.pdf.processes=1", "vimap.pools.pdf.restart.intensity=100",
				"vimap.pools.pdf.task-timeout=20s", "vimap.pools.pdf.kill-grace=100ms", "pdf.title=atlas" })
class ClientIT {

	@Autowired
	private Pdf pdf;

	@Autowired
	private ProcessPool<ClientCall<Pdf>, Object> pool;

	@Autowired
	private MeterRegistry registry;

	@Test
	void methodsRunInTheChildWithItsContext() {
		assertThat(this.pdf.pid()).isNotEqualTo(ProcessHandle.current().pid())
			.isEqualTo(this.pool.stats().workers().get(0).pid());
		assertThat(this.pdf.render(new Page(1, "one"))).containsExactly("atlas", "one");
	}

	@Test
	void overloadsGenericsVoidAndNull() {
		assertThat(this.pdf.render(new Page(1, "one"), 300)).hasSize(300);
		assertThat(this.pdf.render("text")).isEqualTo("<text>");
		Renderer<Page, List<String>> renderer = this.pdf;
		assertThat(renderer.render(new Page(2, "two"))).containsExactly("atlas", "two");
		assertThat(this.pdf.render((Page) null)).isEmpty();
		assertThat(this.pdf.render((String) null)).isEqualTo("<null>");
		Map<String, List<Page>> pages = Map.of("a", List.of(new Page(1, "x"), new Page(2, "y")));
		this.pdf.remember("pages", pages);
		assertThat(this.pdf.recall("pages")).isEqualTo(pages);
		assertThat(this.pdf.recall("nothing")).isNull();
	}

	@Test
	void whatIsLocalCallsNoProcess() {
		long before = this.pool.stats().succeeded();
		assertThat(this.pdf).isEqualTo(this.pdf).isNotEqualTo(null).hasSameHashCodeAs(this.pdf);
		assertThat(this.pdf).hasToString("Pdf client of process pool 'pdf'");
		assertThat(this.pool.stats().succeeded()).isEqualTo(before);
		assertThat(this.pdf.twice("a")).isEqualTo("<a><a>");
	}

	@Test
	void declaredExceptionIsThrownAsItIs() {
		assertThatExceptionOfType(BadPageException.class).isThrownBy(() -> this.pdf.check(new Page(0, "")))
			.withMessage("pages begin at 1")
			.satisfies((ex) -> assertThat(ex.getStackTrace()[0].getClassName()).isEqualTo(PdfWorker.class.getName()));
	}

	@Test
	void declaredThrowableIsThrownAsItIs() {
		assertThatThrownBy(() -> this.pdf.odd()).isExactlyInstanceOf(Throwable.class)
			.hasMessage("neither exception nor error");
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void closeIsATaskAndNotTheEndOfTheBean(CapturedOutput output) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("vimap.pools.pdf.processes=1")
			.run()) {
			long before = this.pool.stats().succeeded();
			this.pdf.close();
			assertThat(this.pool.stats().succeeded()).isEqualTo(before + 1);
			assertThat(context.getBean(Pdf.class).pid()).isPositive();
		}
		assertThat(output).doesNotContain("PoolClosedException");
	}

	@Test
	void otherExceptionBearsItsTracebackAndTheCallersFrames() {
		assertThatExceptionOfType(WorkerException.class).isThrownBy(() -> this.pdf.check(new Page(7, "")))
			.withCauseInstanceOf(IllegalArgumentException.class)
			.satisfies((ex) -> {
				assertThat(ex.context().formattedTraceback()).contains("IllegalArgumentException: page 7",
						"PdfWorker.check");
				assertThat(ex.getStackTrace()).anyMatch((frame) -> frame.getClassName().contains("ClientIT"));
			});
	}

	@Test
	void asynchronousCalls() {
		CompletableFuture<Integer> count = this.pdf.count(new Page(1, "four"));
		assertThat(count).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(4);
		assertThat(this.pdf.later(false)).succeedsWithin(Duration.ofSeconds(60)).isNull();
		assertThat(this.pdf.later(true)).failsWithin(Duration.ofSeconds(60))
			.withThrowableThat()
			.withCauseInstanceOf(WorkerException.class)
			.havingRootCause()
			.isInstanceOf(BadPageException.class)
			.withMessage("too late");
	}

	@Test
	void crashAndTimeoutAreThoseOfThePool() {
		assertThatExceptionOfType(WorkerCrashedException.class).isThrownBy(() -> this.pdf.exit(3))
			.withMessageContaining("3");
		assertThatExceptionOfType(TaskTimeoutException.class).isThrownBy(() -> this.pdf.sleep(100_000))
			.satisfies((ex) -> assertThat(ex.stack()).contains("PdfWorker.sleep"));
		assertThat(this.pdf.render("still here")).isEqualTo("<still here>");
		assertThat(this.registry.get("vimap.task").tags("pool", "pdf", "outcome", "CRASH").timer().count())
			.isPositive();
	}

	@Test
	void interruptedCallerTakesItsCallBack() throws Exception {
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		Thread caller = new Thread(() -> {
			try {
				this.pdf.sleep(15_000);
			}
			catch (Throwable ex) {
				thrown.set(ex);
			}
		});
		caller.start();
		await().atMost(Duration.ofSeconds(60)).until(() -> this.pool.stats().inFlight() == 1);
		caller.interrupt();
		caller.join(10_000);
		assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
		assertThat(this.pdf.count(new Page(1, "free"))).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(4);
	}

	@Test
	void interruptedCallOfAMethodThatDoesNotSayItWaits() {
		// So that the answer is not there before the caller waits for it.
		this.pool.pause();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> this.pdf.render("x"))
			.withMessageContaining("Pdf.render(String)");
		assertThat(Thread.interrupted()).isTrue();
		this.pool.resume();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

}
