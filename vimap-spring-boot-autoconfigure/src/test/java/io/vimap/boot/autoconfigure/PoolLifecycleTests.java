package io.vimap.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.vimap.boot.FakeProcessPool;
import io.vimap.boot.ManagedProcessPool;
import io.vimap.boot.ProcessPools;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * When the pools of an application are started and stopped.
 */
class PoolLifecycleTests {

	private final FakeForker forker = new FakeForker();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ProcessPoolAutoConfiguration.class))
		.withBean(ProcessPoolForker.class, () -> this.forker)
		.withUserConfiguration(ProcessPoolAutoConfigurationTests.Application.class);

	@Test
	void startsStopsAndStartsAgainWithANewEngine() {
		this.runner.run((context) -> {
			ManagedProcessPool<?, ?> pool = context.getBean("upper", ManagedProcessPool.class);
			assertThat(pool.isRunning()).isTrue();
			pool.signal("log-level", "a=DEBUG");
			FakeProcessPool<?, ?> first = this.forker.engine("upper");
			context.stop();
			assertThat(first.state()).isEqualTo(PoolState.TERMINATED);
			assertThat(pool.isRunning()).isFalse();
			context.start();
			assertThat(pool.isRunning()).isTrue();
			assertThat(this.forker.engine("upper")).isNotSameAs(first);
			assertThat(this.forker.engine("upper").calls).containsExactly("signal log-level a=DEBUG", "awaitReady");
		});
		assertThat(this.forker.engines).allMatch((engine) -> engine.state() == PoolState.TERMINATED);
	}

	@Test
	void allPoolsAreForkedBeforeAnyIsWaitedFor() {
		this.forker.onFork = (engine) -> assertThat(this.forker.engines).allMatch((other) -> other.calls.isEmpty());
		this.runner.run((context) -> assertThat(this.forker.engines).hasSize(2)
			.allMatch((engine) -> engine.calls.contains("awaitReady")));
	}

	@Test
	void poolsDrainInParallel() {
		CountDownLatch bothClosing = new CountDownLatch(2);
		this.forker.onFork = (engine) -> engine.onClose = () -> {
			bothClosing.countDown();
			try {
				assertThat(bothClosing.await(20, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		};
		this.runner.run((context) -> assertThat(context).hasNotFailed());
		assertThat(bothClosing.getCount()).isZero();
	}

	@Test
	void poolThatIsNotAutoStartedWaitsForStart() {
		this.runner.withPropertyValues("vimap.pools.upper.auto-start=false").run((context) -> {
			ManagedProcessPool<?, ?> pool = context.getBean("upper", ManagedProcessPool.class);
			assertThat(pool.state()).isEqualTo(PoolState.NEW);
			assertThat(pool.stats().size()).isEqualTo(pool.definition().processes());
			assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.imap(List.of()))
				.withMessageContaining("auto-start");
			assertThat(pool.submit(null)).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.withCauseInstanceOf(PoolClosedException.class);
			pool.start();
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
		});
		assertThat(this.forker.engine("upper").state()).isEqualTo(PoolState.TERMINATED);
	}

	@Test
	void poolsStartWithLazyInitializationToo() {
		this.runner
			.withInitializer((context) -> context
				.addBeanFactoryPostProcessor(new org.springframework.boot.LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(this.forker.engines).hasSize(2));
	}

	@Test
	void registryOfAChildContextHasItsOwnPoolsToo() {
		this.runner.run((parent) -> this.runner.withParent(parent)
			.withPropertyValues("vimap.pools.of-child.worker=" + TestWorkers.Echo.class.getName())
			.run((child) -> {
				assertThat(child.getBean(ProcessPools.class).get("of-child"))
					.isSameAs(child.getBean("of-child", ProcessPool.class));
				assertThat(parent.getBean(ProcessPools.class).names()).doesNotContain("of-child");
			}));
	}

}
