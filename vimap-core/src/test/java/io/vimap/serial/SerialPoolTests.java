package io.vimap.serial;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.InOut;
import io.vimap.pool.PayloadException;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolMode;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.Progress;
import io.vimap.pool.StandInException;
import io.vimap.pool.TaskResult;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerException;
import io.vimap.pool.WorkerExit;
import io.vimap.serial.Subjects.Obedient;
import io.vimap.serial.Subjects.Reluctant;
import io.vimap.serial.Subjects.Untidy;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SerialPoolTests {

	@BeforeEach
	void forget() {
		Subjects.LOG.clear();
		Reluctant.refusing = false;
	}

	private static PoolOptions.Builder serial() {
		return PoolOptions.builder().name("serial").mode(PoolMode.SERIAL);
	}

	private static ProcessPool<String, Value> obedient(int size) {
		return Vimap.forkIdentical(WorkerSpec.of(Obedient.class), size, serial().maxPayload(1000).build());
	}

	@Test
	void tasksRunOnTheThreadThatAsksForThem() {
		ProcessPool<Integer, String> pool = Vimap.forkIdentical(
				WorkerSpec.<Integer, String>function((input) -> Thread.currentThread().getName()), 2, serial().build());
		String here = Thread.currentThread().getName();
		assertThat(pool.submit(1)).isCompletedWithValue(here);
		assertThat(pool.imap(List.of(1, 2, 3)).outputs()).containsOnly(here);
	}

	@Test
	void eachWorkerIsInitializedOnceAndCleanedUpAtTheEnd() {
		try (ProcessPool<String, Value> pool = obedient(2)) {
			assertThat(Subjects.LOG).containsExactly("init 0 1", "init 1 1");
			pool.imap(List.of("a", "b", "c", "d")).closeWhenDone(false).blockIgnoreOutput();
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
		}
		assertThat(Subjects.LOG).containsExactly("init 0 1", "init 1 1", "cleanup", "cleanup");
	}

	@Test
	void workersTakeTurns() {
		try (ProcessPool<String, Value> pool = obedient(3)) {
			assertThat(
					pool.imap(Stream.generate(() -> "count").limit(6)).closeWhenDone(false).outputs().map(Value::text))
				.containsExactly("1", "1", "1", "2", "2", "2");
		}
	}

	@Test
	void exceptionsArriveAsFromAChild() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			assertThatThrownBy(() -> pool.submit("deep").join()).cause()
				.isInstanceOfSatisfying(WorkerException.class, (thrown) -> {
					assertThat(thrown.location().worker()).isZero();
					assertThat(thrown.context().formattedTraceback()).contains("Caused by", "inner", "Suppressed");
					assertThat(thrown.getCause()).hasMessage("outer").hasRootCauseMessage("inner");
					assertThat(thrown.getCause().getSuppressed()).hasSize(1);
				});
			assertThatThrownBy(() -> pool.submit("own").join()).cause()
				.cause()
				.isInstanceOfSatisfying(StandInException.class,
						(standIn) -> assertThat(standIn.className()).endsWith("OwnException"));
			assertThat(pool.submit("error")).isCompletedExceptionally();
			assertThat(pool.submit("fine").join().text()).isEqualTo("fine!");
		}
	}

	@Test
	void valuesThatCannotTravelFailHereToo() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			for (String input : List.of("unwritable", "large", "y".repeat(2000))) {
				assertThatThrownBy(() -> pool.submit(input).join()).cause().isInstanceOf(PayloadException.class);
			}
			assertThat(pool.submit("null")).isCompletedWithValue(null);
			assertThat(pool.stats().failed()).isEqualTo(3);
			assertThat(pool.stats().succeeded()).isEqualTo(1);
		}
	}

	@Test
	void callerAndWorkerShareNoObject() {
		int[] mine = { 1 };
		try (ProcessPool<int[], int[]> pool = Vimap.forkIdentical(WorkerSpec.<int[], int[]>function((input) -> {
			input[0]++;
			return input;
		}).types(int[].class, int[].class), 1, serial().build())) {
			assertThat(pool.submit(mine).join()).containsExactly(2);
			assertThat(mine).containsExactly(1);
		}
	}

	@Test
	void aTaskThatIsOverItsTimeIsInterrupted() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			List<TaskResult<String, Value>> results = pool.imap(List.of("slow", "fine"))
				.closeWhenDone(false)
				.taskTimeout(Duration.ofMillis(50))
				.zipInOutTyp()
				.toList();
			assertThat(((TaskResult.Failure<String, Value>) results.get(0)).exception().value())
				.isInstanceOfSatisfying(TaskTimeoutException.class, (timeout) -> {
					assertThat(timeout.property()).isEqualTo("Imap.taskTimeout");
					assertThat(timeout.stack()).contains("Obedient.process");
				});
			assertThat(results.get(1)).isInstanceOf(TaskResult.Output.class);
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		}
	}

	@Test
	void oneInputIsPulledForEachResult() {
		AtomicInteger pulled = new AtomicInteger();
		try (ProcessPool<String, Value> pool = obedient(2);
				Stream<InOut<String, Value>> results = pool.imap(Stream.generate(() -> "n" + pulled.incrementAndGet()))
					.ordered()
					.chunked(10)
					.maxInFlight(100)
					.zipInOut()) {
			assertThat(pulled).hasValue(0);
			Iterator<InOut<String, Value>> iterator = results.iterator();
			for (int i = 1; i <= 20; i++) {
				assertThat(iterator.next().input()).isEqualTo("n" + i);
				assertThat(pulled).hasValue(i);
			}
		}
	}

	@Test
	void failuresAreValuesAndACleanupThatFailsIsOneOfNoInput() {
		ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Untidy.class), 1, serial().build());
		List<TaskResult<Integer, Integer>> results = pool.imap(List.of(1, 2)).zipInOutTyp().toList();
		assertThat(results).hasSize(3);
		assertThat(results.get(2)).isInstanceOfSatisfying(TaskResult.Failure.class, (failure) -> {
			assertThat(failure.hasInput()).isFalse();
			assertThat(failure.exception().value()).hasMessage("untidy");
		});
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
	}

	@Test
	void aFailureThrowsOutOfTheStreamAndClosesThePool() {
		ProcessPool<String, Value> pool = obedient(1);
		assertThatExceptionOfType(WorkerException.class)
			.isThrownBy(() -> pool.imap(List.of("a", "throw", "b")).blockIgnoreOutput());
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
		assertThat(Subjects.LOG).endsWith("cleanup");
	}

	@Test
	void anInputIteratorThatThrowsIsHeardAfterTheResults() {
		ProcessPool<String, Value> pool = obedient(1);
		List<String> seen = new ArrayList<>();
		Stream<String> inputs = Stream.of("a", "b", "c").peek((input) -> {
			if (input.equals("c")) {
				throw new IllegalArgumentException("bad source");
			}
		});
		assertThatThrownBy(() -> pool.imap(inputs).outputs().forEach((value) -> seen.add(value.text())))
			.hasMessage("bad source");
		assertThat(seen).containsExactly("a!", "b!");
	}

	@Test
	void whatIsSubmittedWhilePausedRunsInResume() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			pool.pause();
			CompletableFuture<Value> first = pool.submit("a");
			CompletableFuture<Value> second = pool.submit("b");
			second.cancel(true);
			assertThat(first).isNotDone();
			assertThat(pool.stats().queueDepth()).isEqualTo(2);
			pool.resume();
			assertThat(first.join().text()).isEqualTo("a!");
			assertThat(pool.stats().workers().get(0).tasks()).isEqualTo(1);
		}
	}

	@Test
	void nothingRunsBeforeStart() {
		try (ProcessPool<String, Value> pool = Vimap.forkIdentical(WorkerSpec.of(Obedient.class), 1,
				serial().autoStart(false).build())) {
			CompletableFuture<Value> early = pool.submit("a");
			assertThat(early).isNotDone();
			assertThat(Subjects.LOG).isEmpty();
			pool.start();
			assertThat(early.join().text()).isEqualTo("a!");
		}
	}

	@Test
	void closingFailsWhatWaits() {
		ProcessPool<String, Value> pool = obedient(1);
		pool.pause();
		CompletableFuture<Value> waiting = pool.submit("a");
		pool.close();
		assertThatThrownBy(waiting::join).hasCauseInstanceOf(PoolClosedException.class);
		assertThatThrownBy(() -> pool.submit("b").join()).hasCauseInstanceOf(PoolClosedException.class);
		assertThatExceptionOfType(PoolClosedException.class)
			.isThrownBy(() -> pool.imap(List.of("c")).blockIgnoreOutput());
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.awaitReady(Duration.ofSeconds(1)));
		pool.close();
	}

	@Test
	void aWorkerThatCannotStartMakesThePoolFailUntilItIsResumed() throws Exception {
		Reluctant.refusing = true;
		try (ProcessPool<Integer, Integer> pool = Vimap.forkIdentical(WorkerSpec.of(Reluctant.class), 2,
				serial().build())) {
			assertThat(pool.state()).isEqualTo(PoolState.FAILED);
			assertThatThrownBy(() -> pool.submit(1).join()).cause()
				.isInstanceOf(PoolFailedException.class)
				.hasMessageContaining("not today")
				.hasRootCauseMessage("not today");
			Reluctant.refusing = false;
			pool.resume();
			assertThat(pool.awaitReady(Duration.ZERO)).isTrue();
			assertThat(pool.submit(1)).isCompletedWithValue(2);
		}
	}

	@Test
	void workersAreReplacedWhenAskedTo() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			pool.recycle();
			assertThat(Subjects.LOG).containsExactly("init 0 1", "cleanup", "init 0 2");
			pool.kill(0);
			assertThat(Subjects.LOG).containsExactly("init 0 1", "cleanup", "init 0 2", "init 0 3");
			pool.resize(2);
			assertThat(pool.stats().ready()).isEqualTo(2);
			pool.resize(1);
			assertThat(pool.stats().restarts())
				.containsOnlyKeys(Set.of(ExitReason.RECYCLED, ExitReason.CRASHED).toArray(ExitReason[]::new));
			assertThatThrownBy(() -> pool.recycle(1)).isInstanceOf(IllegalArgumentException.class);
		}
	}

	@Test
	void maxTasksPerWorkerRecycles() {
		try (ProcessPool<String, Value> pool = Vimap.forkIdentical(WorkerSpec.of(Obedient.class), 1,
				serial().maxTasksPerWorker(2).build())) {
			assertThat(Stream.generate(() -> "count").limit(5).map((input) -> pool.submit(input).join().text()))
				.containsExactly("1", "2", "1", "2", "1");
		}
	}

	@Test
	void signalsAreHeardByThoseWhoRunAndThoseWhoStartLater() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			pool.signal("topic", "one");
			pool.recycle();
			assertThat(Subjects.LOG).containsExactly("init 0 1", "heard one", "cleanup", "init 0 2", "heard one");
		}
	}

	@Test
	void aFeederPullsOnItsOwnThreadAndOnlyWhatIsAskedFor() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		Set<Thread> pullers = ConcurrentHashMap.newKeySet();
		AtomicInteger pulled = new AtomicInteger();
		try (ProcessPool<String, Value> pool = obedient(1); Stream<Value> results = pool.imap(Stream.generate(() -> {
			pullers.add(Thread.currentThread());
			return "n" + pulled.incrementAndGet();
		})).feeder(executor).outputs()) {
			assertThat(results.limit(5).map(Value::text)).containsExactly("n1!", "n2!", "n3!", "n4!", "n5!");
			assertThat(pulled).hasValueLessThanOrEqualTo(6);
			assertThat(pullers).hasSize(1).doesNotContain(Thread.currentThread());
		}
		finally {
			executor.shutdown();
			assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void progressIsReported() {
		List<Progress> reports = new ArrayList<>();
		obedient(1).imap(List.of("a", "throw", "b")).onProgress(Duration.ZERO, reports::add).zipInOutTyp().toList();
		assertThat(reports).hasSize(4).last().satisfies((last) -> {
			assertThat(last.done()).isTrue();
			assertThat(last.pulled()).isEqualTo(3);
			assertThat(last.succeeded()).isEqualTo(2);
			assertThat(last.failed()).isEqualTo(1);
		});
	}

	@Test
	void listenersHearOfWorkersAndStatesWhenOthersMayUseThePool() throws Exception {
		Reluctant.refusing = false;
		ExecutorService other = Executors.newSingleThreadExecutor();
		List<String> heard = new ArrayList<>();
		AtomicReference<ProcessPool<Integer, Integer>> pool = new AtomicReference<>();
		PoolListener listener = new PoolListener() {

			private void hear(String what) {
				// Needs whatever a task needs.
				Future<?> use = other.submit(() -> pool.get().resize(1));
				try {
					use.get(10, TimeUnit.SECONDS);
					heard.add(what);
				}
				catch (Exception ex) {
					heard.add(what + ", but others could not use the pool: " + ex);
				}
			}

			@Override
			public void onWorkerReady(String name, int index, long pid, Duration startTime) {
				hear("ready");
			}

			@Override
			public void onWorkerExit(WorkerExit exit) {
				hear(exit.reason().toString());
			}

			@Override
			public void onStateChange(String name, PoolState from, PoolState to) {
				hear(to.toString());
			}

		};
		try {
			pool.set(Vimap.forkIdentical(WorkerSpec.of(Reluctant.class), 1,
					serial().autoStart(false).maxTasksPerWorker(1).listeners(List.of(listener)).build()));
			pool.get().start();
			assertThat(pool.get().submit(1)).isCompletedWithValue(2);
			Reluctant.refusing = true;
			pool.get().kill(0);
			pool.get().close();
		}
		finally {
			other.shutdownNow();
		}
		assertThat(heard).containsExactly("STARTING", "ready", "RUNNING", "RECYCLED", "ready", "CRASHED",
				"START_FAILED", "FAILED", "STOPPING", "TERMINATED");
	}

	@Test
	void sharedContentIsRemovedWithThePool() {
		ProcessPool<String, Value> pool = obedient(1);
		var shared = pool.share(new byte[] { 1, 2, 3 });
		assertThat(shared.map().remaining()).isEqualTo(3);
		pool.close();
		assertThat(Path.of(shared.path())).doesNotExist();
	}

	@Test
	void contentThatIsSharedWhileThePoolIsClosedIsRemovedToo(@TempDir Path directory) {
		ProcessPool<String, Value> pool = obedient(1);
		InputStream content = new InputStream() {
			@Override
			public int read() {
				pool.close();
				return -1;
			}
		};
		String temporary = System.setProperty("java.io.tmpdir", directory.toString());
		try {
			assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> pool.share(content));
		}
		finally {
			System.setProperty("java.io.tmpdir", temporary);
		}
		assertThat(directory).isEmptyDirectory();
	}

}
