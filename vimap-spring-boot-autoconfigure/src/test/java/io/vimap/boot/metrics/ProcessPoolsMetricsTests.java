package io.vimap.boot.metrics;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vimap.boot.FakeProcessPool;
import io.vimap.boot.ProcessPools;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.ExitReason;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ProcessPoolsMetricsTests {

	private final FakeProcessPool<String, String> pool = pool();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ProcessPoolsMetrics metrics = new ProcessPoolsMetrics(new OnePool(this.pool), this.registry);

	@Test
	void readsThePoolWhenAMeterIsRead() {
		this.pool.ready = 1;
		this.metrics.bindTo(this.registry);
		assertThat(gauge("vimap.pool.size")).isEqualTo(2);
		assertThat(gauge("vimap.pool.workers", "state", "READY")).isEqualTo(1);
		assertThat(gauge("vimap.pool.workers", "state", "LAUNCHING")).isEqualTo(1);
		assertThat(gauge("vimap.pool.queue.depth")).isEqualTo(3);
		assertThat(gauge("vimap.pool.inflight")).isEqualTo(2);
		assertThat(gauge("vimap.worker.rss", "worker", "1")).isEqualTo(1024 * 1024);
		assertThat(this.registry.get("vimap.task.retries").functionCounter().count()).isEqualTo(4);
		assertThat(this.registry.get("vimap.worker.restarts").tag("reason", "CRASHED").functionCounter().count())
			.isZero();
		assertThat(this.registry.get("vimap.bytes").tag("direction", "sent").functionCounter().count()).isEqualTo(500);
		assertThat(this.registry.get("vimap.bytes").tag("direction", "received").functionCounter().count())
			.isEqualTo(600);
	}

	@Test
	void metersLiveAsLongAsThePoolThoughNobodyKeepsTheBinder() {
		WeakReference<Object> binder = bind();
		await().until(() -> {
			System.gc();
			return binder.get() == null;
		});
		this.pool.ready = 2;
		assertThat(gauge("vimap.pool.workers", "state", "READY")).isEqualTo(2);
		assertThat(gauge("vimap.worker.rss", "worker", "1")).isEqualTo(1024 * 1024);
	}

	private WeakReference<Object> bind() {
		ProcessPoolMetrics binder = new ProcessPoolMetrics("requests", this.pool);
		binder.bindTo(this.registry);
		return new WeakReference<>(binder);
	}

	@Test
	void timesTasksByOutcome() {
		this.metrics.onTask("requests", TaskOutcome.SUCCESS, 1_000_000, 5_000_000);
		this.metrics.onTask("requests", TaskOutcome.SUCCESS, 3_000_000, 5_000_000);
		this.metrics.onTask("requests", TaskOutcome.CRASH, 0, 1_000_000);
		assertThat(this.registry.get("vimap.task").tag("outcome", "SUCCESS").timer().totalTime(TimeUnit.MILLISECONDS))
			.isEqualTo(10);
		assertThat(this.registry.get("vimap.task").tag("outcome", "CRASH").timer().count()).isEqualTo(1);
		assertThat(this.registry.get("vimap.task").tag("outcome", "TIMEOUT").timer().count()).isZero();
		assertThat(this.registry.get("vimap.task.wait").timer().count()).isEqualTo(3);
	}

	@Test
	void timesStartsAndAddsSeatsThatAreNew() {
		this.metrics.bindTo(this.registry);
		this.metrics.onWorkerReady("requests", 2, 4711, Duration.ofMillis(250));
		this.metrics.onWorkerReady("requests", -1, 4712, Duration.ofMillis(250));
		assertThat(this.registry.get("vimap.worker.start").timer().mean(TimeUnit.MILLISECONDS)).isEqualTo(250);
		assertThat(this.registry.get("vimap.worker.rss").tag("worker", "2").gauge().value()).isZero();
		assertThat(this.registry.find("vimap.worker.rss").tag("worker", "-1").gauge()).isNull();
	}

	@Test
	void removesASeatThatIsNoMoreWhenItsWorkerHasEnded() {
		this.metrics.bindTo(this.registry);
		this.metrics.onWorkerReady("requests", 2, 4711, Duration.ofMillis(250));
		this.metrics.onWorkerExit(exit(1));
		this.metrics.onWorkerExit(exit(2));
		assertThat(this.registry.get("vimap.worker.rss").gauges()).extracting((gauge) -> gauge.getId().getTag("worker"))
			.containsExactlyInAnyOrder("0", "1");
		this.metrics.onWorkerReady("requests", 2, 4711, Duration.ofMillis(250));
		assertThat(this.registry.get("vimap.worker.rss").gauges()).hasSize(3);
	}

	@Test
	void leavesRoomForTheNextContextInARegistryThatLivesOn() {
		CompositeMeterRegistry composite = new CompositeMeterRegistry();
		composite.add(this.registry);
		this.metrics.bindTo(composite);
		this.metrics.close();
		assertThat(this.registry.getMeters()).isEmpty();
		this.pool.ready = 2;
		ProcessPoolsMetrics next = new ProcessPoolsMetrics(new OnePool(this.pool), composite);
		next.bindTo(composite);
		assertThat(gauge("vimap.pool.workers", "state", "READY")).isEqualTo(2);
	}

	@Test
	void doesNotRemoveMetersOfAnotherContextThatUsesTheSameRegistry() {
		this.metrics.bindTo(this.registry);
		int before = this.registry.getMeters().size();
		ProcessPoolsMetrics other = new ProcessPoolsMetrics(new OnePool(this.pool), this.registry);
		other.bindTo(this.registry);
		other.onWorkerReady("requests", 0, 4711, Duration.ofMillis(250));
		other.close();
		assertThat(this.registry.getMeters().stream().filter((meter) -> !(meter instanceof Timer))).hasSize(before);
	}

	@Test
	void contextThatCameSecondHasItsMetersWhenTheFirstIsClosed() {
		this.pool.ready = 1;
		this.metrics.bindTo(this.registry);
		int before = this.registry.getMeters().size();
		FakeProcessPool<String, String> second = pool();
		second.ready = 2;
		ProcessPoolsMetrics other = new ProcessPoolsMetrics(new OnePool(second), this.registry);
		other.bindTo(this.registry);
		assertThat(gauge("vimap.pool.workers", "state", "READY")).isEqualTo(1);
		this.metrics.close();
		assertThat(this.registry.getMeters()).hasSize(before);
		assertThat(gauge("vimap.pool.workers", "state", "READY")).isEqualTo(2);
		assertThat(gauge("vimap.worker.rss", "worker", "1")).isEqualTo(1024 * 1024);
		other.close();
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void contextThatWasClosedWhileItWaitedIsPassedOver() {
		FakeProcessPool<String, String> third = pool();
		third.ready = 2;
		ProcessPoolsMetrics closed = new ProcessPoolsMetrics(new OnePool(pool()), this.registry);
		ProcessPoolsMetrics last = new ProcessPoolsMetrics(new OnePool(third), this.registry);
		this.metrics.bindTo(this.registry);
		closed.bindTo(this.registry);
		last.bindTo(this.registry);
		closed.close();
		this.metrics.close();
		assertThat(gauge("vimap.pool.workers", "state", "READY")).isEqualTo(2);
	}

	@Test
	void filterThatRenamesMetersDoesNotHideWhoseTheyAre() {
		this.registry.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				return id.withName("acme." + id.getName());
			}

		});
		this.metrics.bindTo(this.registry);
		int before = this.registry.getMeters().size();
		ProcessPoolsMetrics other = new ProcessPoolsMetrics(new OnePool(pool()), this.registry);
		other.bindTo(this.registry);
		other.close();
		assertThat(this.registry.getMeters()).hasSize(before);
		assertThat(gauge("acme.vimap.pool.size")).isEqualTo(2);
	}

	private static WorkerExit exit(int worker) {
		return new WorkerExit("requests", ExitReason.REQUESTED, "", worker, 4711, 1, 0, null, Instant.now(),
				Duration.ofSeconds(1), 0, null, List.of(), null, List.of(), false, null);
	}

	@Test
	void allMetersHaveTheTagPool() {
		this.metrics.bindTo(this.registry);
		this.metrics.onTask("requests", TaskOutcome.SUCCESS, 1, 1);
		assertThat(this.registry.getMeters()).extracting(Meter::getId)
			.allMatch((id) -> "requests".equals(id.getTag("pool")))
			.allMatch((id) -> id.getName().startsWith("vimap."));
	}

	private static FakeProcessPool<String, String> pool() {
		return new FakeProcessPool<>(
				List.of(WorkerSpec.function((String text) -> text), WorkerSpec.function((String text) -> text)),
				PoolOptions.builder().name("requests").build());
	}

	private double gauge(String name, String... tags) {
		return this.registry.get(name).tags(tags).tag("pool", "requests").gauge().value();
	}

	private record OnePool(ProcessPool<?, ?> pool) implements ProcessPools {

		@Override
		public Set<String> names() {
			return Set.of("requests");
		}

		@Override
		public ProcessPool<?, ?> get(String name) {
			return this.pool;
		}

		@Override
		public <I, O> ProcessPool<I, O> get(String name, Class<I> input, Class<O> output) {
			throw new UnsupportedOperationException();
		}

	}

}
