package io.vimap.boot.test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.vimap.boot.test.autoconfigure.PoolChaos;
import io.vimap.boot.test.autoconfigure.VimapTest;
import io.vimap.pool.PoolMode;
import io.vimap.pool.ProcessPool;
import io.vimap.pool.TaskResult;
import io.vimap.pool.WorkerCrashedException;
import io.vimap.testing.Chaos;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

@VimapTest(mode = PoolMode.FORKED,
		properties = { "vimap.pools.shout.processes=1", "vimap.pools.shout.restart.intensity=100",
				"vimap.pools.where.processes=1", "shout.end=;" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ForkedVimapTestIT {

	@Autowired
	private ProcessPool<String, String> shout;

	@Autowired
	private Application.Where where;

	@Autowired
	private PoolChaos chaos;

	@BeforeEach
	void allAreReady() throws Exception {
		assertThat(this.shout.awaitReady(Duration.ofSeconds(60))).isTrue();
	}

	@Test
	void workersRunInProcessesOfTheirOwn() {
		assertThat(this.where.pid()).isNotEqualTo(ProcessHandle.current().pid());
		assertThat(this.shout.submit("a")).succeedsWithin(Duration.ofSeconds(60)).isEqualTo("A;");
	}

	@Test
	void workerDiesOnItsFifthTaskFromNow() {
		List<String> inputs = IntStream.range(0, 20).mapToObj(Integer::toString).toList();
		for (int round = 1; round <= 2; round++) {
			Chaos accidents = this.chaos.of("shout").kill(0, 5);
			List<TaskResult<String, String>> results = this.shout.imap(inputs).ordered().zipInOutTyp().toList();
			for (int i = 0; i < inputs.size(); i++) {
				if (i != 4) {
					assertThat(results.get(i)).isEqualTo(new TaskResult.Output<>(inputs.get(i), inputs.get(i) + ";"));
				}
			}
			assertThat(results.get(4)).isInstanceOfSatisfying(TaskResult.Failure.class, (failure) -> {
				WorkerCrashedException crash = (WorkerCrashedException) failure.exception().value();
				assertThat(crash.exit().exitCode()).isEqualTo(Chaos.EXIT_CODE);
			});
			assertThat(accidents.happened()).isEqualTo(round);
		}
	}

	@Test
	void accidentOfOneTestDoesNotBefallTheNext() {
		assertThat(this.chaos.of("shout").happened()).isZero();
		this.chaos.of("shout").kill(0, 1_000_000);
	}

}
