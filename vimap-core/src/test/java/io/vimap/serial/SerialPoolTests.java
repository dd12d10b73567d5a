package io.vimap.serial;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PayloadException;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.StandInException;
import io.vimap.pool.TaskResult;
import io.vimap.pool.TaskTimeoutException;
import io.vimap.pool.WorkerException;
import io.vimap.serial.Subjects.Obedient;
import io.vimap.serial.Subjects.Value;
import io.vimap.worker.WorkerSpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.vimap.serial.SerialPools.obedient;
import static io.vimap.serial.SerialPools.serial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * One task after the other.
 */
class SerialPoolTests {

	@BeforeEach
	void forget() {
		Subjects.forget();
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
	void anInterruptOfTheCallerIsKeptFromItsTasksAndForTheCaller() {
		try (ProcessPool<String, Value> pool = obedient(1)) {
			Thread.currentThread().interrupt();
			assertThat(pool.submit("interrupted?").join().text()).isEqualTo("false");
			assertThat(Thread.interrupted()).isTrue();
			// As if from outside.
			assertThat(pool.submit("interrupt").join().text()).isEqualTo("interrupted");
			assertThat(pool.submit("interrupted?").join().text()).isEqualTo("false");
			assertThat(Thread.interrupted()).isTrue();
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

}
