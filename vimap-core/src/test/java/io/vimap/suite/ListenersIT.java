package io.vimap.suite;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import io.vimap.Vimap;
import io.vimap.crash.LeakCheck;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskOutcome;
import io.vimap.pool.WorkerExit;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Listeners that throw what the compiler would not let them, as they may in Kotlin and
 * Groovy, cost their pool nothing.
 */
@Timeout(20)
@ExtendWith(LeakCheck.class)
class ListenersIT {

	private static final class Thrower implements PoolListener {

		@Override
		public void onStateChange(String pool, PoolState from, PoolState to) {
			fail();
		}

		@Override
		public void onWorkerReady(String pool, int index, long pid, Duration startTime) {
			fail();
		}

		@Override
		public void onWorkerExit(WorkerExit exit) {
			fail();
		}

		@Override
		public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
			fail();
		}

	}

	/** Hears signals, and fails at it. */
	static class Hearer implements Worker<Integer, Integer> {

		private final AtomicInteger heard = new AtomicInteger();

		@Override
		public void init(WorkerContext context) {
			context.onSignal("topic", (message) -> {
				this.heard.incrementAndGet();
				if (message.equals("checked")) {
					fail();
				}
				throw new AssertionError(message);
			});
		}

		@Override
		public Integer process(Integer input) {
			while (this.heard.get() < input) {
				Thread.onSpinWait();
			}
			return this.heard.get();
		}

	}

	private static void fail() {
		ListenersIT.<RuntimeException>throwIt(new IOException("checked"));
	}

	@SuppressWarnings({ "unchecked", "TypeParameterUnusedInFormals" })
	private static <T extends Throwable> void throwIt(Throwable any) throws T {
		throw (T) any;
	}

	@ParameterizedTest
	@EnumSource
	void aListenerThatThrowsACheckedExceptionCostsNothing(PoolMode mode) throws Exception {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 2,
				SuiteWorkers.options(mode).listeners(List.of(new Thrower())).closeWhenDone(false).build())) {
			assertThat(pool.awaitReady(Duration.ofSeconds(10))).isTrue();
			assertThat(pool.submit(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
			pool.recycle();
			assertThat(pool.imap(() -> IntStream.range(0, 500).iterator()).outputs()).hasSize(500);
		}
	}

	/** It may be called for each of a million tasks. */
	@ParameterizedTest
	@EnumSource
	void aListenerThatThrowsAlwaysIsNamedInTheLogAndDoesNotFillIt(PoolMode mode) throws Exception {
		Logger logger = (Logger) LoggerFactory.getLogger("io.vimap");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 2,
				SuiteWorkers.options(mode).name("watched").listeners(List.of(new Thrower())).build())) {
			assertThat(pool.imap(() -> IntStream.range(0, 500).iterator()).outputs()).hasSize(500);
		}
		finally {
			logger.detachAppender(log);
		}
		assertThat(log.list).filteredOn((event) -> event.getThrowableProxy() != null)
			.singleElement()
			.satisfies((event) -> {
				assertThat(event.getFormattedMessage()).contains(Thrower.class.getName(), "'watched'");
				assertThat(event.getThrowableProxy().getMessage()).isEqualTo("checked");
			});
	}

	/** As one may that builds its message of what is broken. */
	@ParameterizedTest
	@EnumSource
	void aListenerWhoseExceptionCannotBeLoggedCostsNothing(PoolMode mode) throws Exception {
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				throw new IllegalStateException() {

					private static final long serialVersionUID = 1L;

					@Override
					public String getMessage() {
						throw new IllegalStateException("no message");
					}

				};
			}

		};
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 1,
				SuiteWorkers.options(mode).listeners(List.of(listener)).closeWhenDone(false).build())) {
			for (int i = 0; i < 20; i++) {
				assertThat(pool.submit(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
			}
			assertThat(pool.stats().exits()).isEmpty();
		}
	}

	/** Even where the log itself is broken. */
	@Test
	void aWorkerWhoseAnswersCannotBeReadAnyMoreIsReplacedAndToldApart() throws Exception {
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		context.addTurboFilter(new TurboFilter() {

			@Override
			public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] params,
					Throwable thrown) {
				if (format != null && format.contains("listener")) {
					throw new IllegalStateException("the log is broken");
				}
				return FilterReply.NEUTRAL;
			}

		});
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				fail();
			}

		};
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 1,
				SuiteWorkers.options(PoolMode.FORKED).listeners(List.of(listener)).closeWhenDone(false).build())) {
			assertThat(pool.submit(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
			Awaitility.await().until(() -> !pool.stats().exits().isEmpty());
			assertThat(pool.stats().exits().get(0).explanation()).contains("PROTOCOL_ERROR",
					"the pool could not go on reading what it sent", "the log is broken");
			context.resetTurboFilterList();
			assertThat(pool.submit(2).get(10, TimeUnit.SECONDS)).isEqualTo(2);
		}
		finally {
			context.resetTurboFilterList();
		}
	}

	/** The answer would be read by the thread that waits for it. */
	@Test
	void aListenerThatWaitsForATaskIsToldThatItCannot() throws Exception {
		CompletableFuture<ProcessPool<Integer, Integer>> made = new CompletableFuture<>();
		CompletableFuture<Throwable> submitted = new CompletableFuture<>();
		CompletableFuture<Throwable> mapped = new CompletableFuture<>();
		PoolListener listener = new PoolListener() {

			@Override
			public void onTask(String pool, TaskOutcome outcome, long waitNanos, long runNanos) {
				if (!submitted.isDone()) {
					submitted.complete(failure(() -> made.join().submit(2).join()));
					mapped.complete(failure(() -> made.join().imap(List.of(3)).blockIgnoreOutput()));
				}
			}

		};
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 1,
				SuiteWorkers.options(PoolMode.FORKED).listeners(List.of(listener)).closeWhenDone(false).build())) {
			made.complete(pool);
			assertThat(pool.submit(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
			for (CompletableFuture<Throwable> refusal : List.of(submitted, mapped)) {
				assertThat(refusal.get(5, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class)
					.hasMessageContaining("'" + pool.name() + "'")
					.hasMessageContaining("thenAccept");
			}
			assertThat(pool.submit(4).get(10, TimeUnit.SECONDS)).isEqualTo(4);
		}
	}

	private static Throwable failure(Runnable action) {
		try {
			action.run();
			return new AssertionError("nothing was thrown");
		}
		catch (Throwable ex) {
			return ex;
		}
	}

	@ParameterizedTest
	@EnumSource
	void aSignalListenerThatThrowsCostsNothing(PoolMode mode) throws Exception {
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Hearer.class), 1,
				SuiteWorkers.options(mode).closeWhenDone(false).build())) {
			assertThat(pool.submit(0).get(10, TimeUnit.SECONDS)).isZero();
			pool.signal("topic", "checked");
			assertThat(pool.submit(1).get(10, TimeUnit.SECONDS)).isEqualTo(1);
			pool.signal("topic", "error");
			assertThat(pool.submit(2).get(10, TimeUnit.SECONDS)).isEqualTo(2);
			assertThat(pool.stats().exits()).isEmpty();
			pool.close();
			assertThat(pool.stats().exits()).allSatisfy((exit) -> assertThat(exit.failure()).isNull());
		}
	}

	/** Its iterator is asked for when the run begins, in a pool that is its own. */
	@ParameterizedTest
	@EnumSource
	void inputsThatThrowACheckedExceptionCloseThePool(PoolMode mode) {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(SuiteWorkers.Echo.class), 1,
				SuiteWorkers.options(mode).build());
		assertThatException().isThrownBy(() -> pool.imap(() -> {
			fail();
			return List.<Integer>of().iterator();
		}).outputs().toList()).withMessage("checked");
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
	}

}
