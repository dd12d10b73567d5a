package io.vimap.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.vimap.Vimap;
import io.vimap.pool.PoolOptions;
import io.vimap.pool.PoolState;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerInfo;
import io.vimap.pool.WorkerState;
import io.vimap.worker.Worker;
import io.vimap.worker.WorkerContext;
import io.vimap.worker.WorkerSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers are killed, stopped and made to exit at random while they work. The seed is
 * printed; {@code -Dvimap.chaos.seed} repeats it (as far as the machine lets it).
 */
@Tag("concurrency")
@ExtendWith(LeakCheck.class)
class ChaosIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Mostly quick; sometimes a little slower; rarely slow enough to be overtaken. */
	static class Victim implements Worker<Integer, Long> {

		@Override
		public void init(WorkerContext context) {
			context.onSignal("exit", (pid) -> {
				if (Long.parseLong(pid) == context.pid()) {
					System.exit(9);
				}
			});
		}

		@Override
		public Long process(Integer input) {
			if (input % 200 == 0) {
				LockSupport.parkNanos(5_000_000);
			}
			else if (input % 10 == 0) {
				long end = System.nanoTime() + 100_000;
				while (System.nanoTime() < end) {
					Thread.onSpinWait();
				}
			}
			return expected(input);
		}

	}

	private static long expected(int input) {
		return input * 31L + 7;
	}

	@Test
	void everyInputHasItsResultWhateverDies() throws Exception {
		chaos(200_000, Duration.ofSeconds(40));
	}

	/** {@code mvn -Dsoak -Dit.test=ChaosIT verify} */
	@Test
	@Tag("soak")
	@Timeout(value = 30, unit = TimeUnit.MINUTES)
	void everyInputHasItsResultForTenMinutes() throws Exception {
		long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
		while (System.nanoTime() < end) {
			chaos(2_000_000, Duration.ofMinutes(2));
		}
	}

	private static void chaos(int count, Duration atMost) throws Exception {
		long seed = Long.getLong("vimap.chaos.seed", System.nanoTime());
		System.out.println("chaos with -Dvimap.chaos.seed=" + seed);
		PoolOptions options = PoolOptions.builder()
			.name("chaos")
			.jvmArgs(List.of("-XX:TieredStopAtLevel=1"))
			.taskTimeout(Duration.ofSeconds(2))
			.killGrace(Duration.ofMillis(200))
			.retryMaxAttempts(1_000_000)
			.restartIntensity(1_000_000)
			.restartBackoff(Duration.ofMillis(1))
			.restartMaxBackoff(Duration.ofMillis(5))
			.build();
		try (ProcessPool<Integer, Long> pool = Vimap.forkIdentical(WorkerSpec.of(Victim.class), 4, options)) {
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			Demon demon = new Demon(pool, new Random(seed), atMost);
			List<CompletableFuture<Long>> submitted = new ArrayList<>();
			BitSet answered = new BitSet(count);
			Thread haunting = new Thread(demon, "demon");
			haunting.start();
			try (Stream<TaskResult<Integer, Long>> results = pool.imap(IntStream.range(0, count).boxed())
				.closeWhenDone(false)
				.zipInOutTyp()) {
				for (Iterator<TaskResult<Integer, Long>> each = results.iterator(); each.hasNext();) {
					TaskResult<Integer, Long> result = each.next();
					assertThat(result).isInstanceOf(TaskResult.Output.class);
					TaskResult.Output<Integer, Long> output = (TaskResult.Output<Integer, Long>) result;
					if (answered.get(output.input()) || output.output() != expected(output.input())) {
						throw new AssertionError("twice or wrong: " + output);
					}
					answered.set(output.input());
					if (output.input() % 100 == 0) {
						submitted.add(pool.submit(output.input()));
					}
				}
				assertThat(answered.cardinality()).isEqualTo(count);
				for (int i = 0; i < submitted.size(); i++) {
					assertThat((submitted.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS) - 7) % 3100).isZero();
				}
				assertThat(submitted).hasSize(count / 100);
			}
			finally {
				demon.stop.set(true);
				haunting.join();
			}
			System.out.println(demon.deeds + " deeds");
			Awaitility.await().atMost(PATIENCE).until(() -> pool.stats().ready() == 4);
			assertThat(pool.awaitReady(PATIENCE)).isTrue();
			assertThat(pool.state()).isEqualTo(PoolState.RUNNING);
			assertThat(pool.stats().inFlight()).isZero();
			assertThat(pool.stats().queueDepth()).isZero();
		}
	}

	/** Does something bad to a random worker, again and again. */
	private static final class Demon implements Runnable {

		private final ProcessPool<Integer, Long> pool;

		private final Random random;

		private final long end;

		private final AtomicBoolean stop = new AtomicBoolean();

		private int deeds;

		Demon(ProcessPool<Integer, Long> pool, Random random, Duration atMost) {
			this.pool = pool;
			this.random = random;
			this.end = System.nanoTime() + atMost.toNanos();
		}

		@Override
		public void run() {
			while (!this.stop.get() && System.nanoTime() < this.end) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.random.nextInt(800)));
				List<WorkerInfo> workers = this.pool.stats()
					.workers()
					.stream()
					.filter((worker) -> worker.state() == WorkerState.READY || this.random.nextInt(10) == 0)
					.toList();
				if (!workers.isEmpty()) {
					harm(workers.get(this.random.nextInt(workers.size())).pid());
				}
			}
		}

		private void harm(long pid) {
			this.deeds++;
			switch (this.random.nextInt(4)) {
				case 0 -> Fault.signal("STOP", pid);
				case 1 -> this.pool.signal("exit", Long.toString(pid));
				default -> Fault.signal("KILL", pid);
			}
		}

	}

}
