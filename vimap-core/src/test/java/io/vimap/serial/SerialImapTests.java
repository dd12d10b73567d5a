package io.vimap.serial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.InOut;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.Progress;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerException;
import io.vimap.serial.Subjects.Untidy;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vimap.serial.SerialPools.obedient;
import static io.vimap.serial.SerialPools.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Streams of results.
 */
class SerialImapTests {

	@BeforeEach
	void forget() {
		Subjects.forget();
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

}
