package io.vimap.serial;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.ExitReason;
import io.vimap.pool.PoolClosedException;
import io.vimap.pool.PoolFailedException;
import io.vimap.pool.PoolListener;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.WorkerExit;
import io.vimap.serial.Subjects.Obedient;
import io.vimap.serial.Subjects.Reluctant;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.vimap.serial.SerialPools.obedient;
import static io.vimap.serial.SerialPools.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * How a pool and its workers begin and end.
 */
class SerialLifeTests {

	@BeforeEach
	void forget() {
		Subjects.forget();
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
	void aThreadThatIsInterruptedClosesThePoolAsAnyOther() {
		ProcessPool<String, Value> pool = obedient(1);
		Thread.currentThread().interrupt();
		pool.close();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(Subjects.LOG).containsExactly("init 0 1", "cleanup");
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
	void listenersHearOfWorkersAndStatesWhenOthersMayUseThePool() throws Exception {
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

	@Test
	void sharedContentThatCannotBeRemovedDoesNotKeepThePool() throws Exception {
		ProcessPool<String, Value> pool = obedient(1);
		Path taken = Path.of(pool.share(new byte[1]).path());
		Path other = Path.of(pool.share(new byte[1]).path());
		Files.delete(taken);
		Path inside = Files.createFile(Files.createDirectory(taken).resolve("inside"));
		pool.close();
		assertThat(pool.state()).isEqualTo(PoolState.TERMINATED);
		assertThat(other).doesNotExist();
		Files.delete(inside);
		Files.delete(taken);
	}

}
